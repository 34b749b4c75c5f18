import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { clientSignal, whileClientWaits } from './client-signal.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

type Asked = { response: ServerResponse; signal: AbortSignal | undefined }

/** Asks a server that answers when told to; the signal is what a page finds that waited for something before. */
async function ask(leaving: AbortSignal): Promise<{ asked: Asked; answer: Promise<string> }> {
  const { promise, resolve } = Promise.withResolvers<Asked>()
  server = createServer((_request, response) =>
    whileClientWaits(response, async () => {
      await new Promise(setImmediate)
      resolve({ response, signal: clientSignal() })
    }),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const answer = fetch(`http://127.0.0.1:${port}`, { signal: leaving }).then((response) => response.text())
  answer.catch(() => undefined)
  return { asked: await promise, answer }
}

it('aborts when the client leaves before its answer', async () => {
  const leaving = new AbortController()
  const { asked } = await ask(leaving.signal)
  expect(asked.signal?.aborted).toBe(false)
  const left = once(asked.response, 'close')
  leaving.abort()
  await left
  expect(asked.signal?.reason).toMatchObject({ name: 'AbortError' })
})

it('does not abort for a client that has its answer', async () => {
  const { asked, answer } = await ask(new AbortController().signal)
  const closed = once(asked.response, 'close')
  asked.response.end('here')
  expect(await answer).toBe('here')
  await closed
  expect(asked.signal?.aborted).toBe(false)
})

it('is unknown outside of a request', () => {
  expect(clientSignal()).toBeUndefined()
})
