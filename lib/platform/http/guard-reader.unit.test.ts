import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { guardReader } from './guard-reader.ts'

const STALL_MS = 1_000
let server: Server
let client: Socket
afterEach(() => {
  client.destroy()
  server.closeAllConnections()
  server.close()
})

/** A client whose request `answer` answers under the guard. */
async function ask(answer: (response: ServerResponse) => void): Promise<ServerResponse> {
  const asked = Promise.withResolvers<ServerResponse>()
  server = createServer((_request, response) => {
    guardReader(response, STALL_MS)
    answer(response)
    asked.resolve(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.on('error', () => undefined)
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  return await asked.promise
}

/** More than the kernel keeps between the two. */
const LARGE = Buffer.alloc(64 * 2 ** 20)

it('ends the connection of a client that does not read, and what is held for it', async () => {
  const response = await ask((answer) => void answer.write(LARGE))
  client.pause()
  await once(response, 'close')
  expect(response.socket?.destroyed ?? true).toBe(true)
  expect(response.writableFinished).toBe(false)
})

it('leaves a client alone that reads slowly', async () => {
  const response = await ask((answer) => void answer.end(LARGE))
  let received = 0
  const step = 8 * 2 ** 20
  client.on('data', ({ length }: Buffer) => {
    const before = received
    received += length
    if (Math.floor(before / step) === Math.floor(received / step)) return
    client.pause()
    setTimeout(() => client.resume(), STALL_MS / 4)
  })
  await once(response, 'close')
  expect(response.writableFinished).toBe(true)
})

it('leaves an answer alone that takes long to make', async () => {
  const response = await ask((answer) => {
    answer.write('first')
    answer.once('timeout', () => answer.end('last'))
  })
  const texts: string[] = []
  client.on('data', (text) => texts.push(String(text)))
  await once(response, 'finish')
  expect(texts.join('')).toContain('first')
  expect(response.writableFinished).toBe(true)
})
