import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { answerBrokenRequest } from './answer-broken-request.ts'
import { type BodyPace, guardBody } from './guard-body.ts'

const PACE: BodyPace = { windowMs: 200, bytesPerWindow: 100, lingerMs: 100 }
let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** A server under the guard; by default it answers with the length of what it has read. */
async function listen(
  options: { readsAfterMs?: number; answersAtOnce?: boolean; stopsReading?: boolean; lingerMs?: number } = {},
): Promise<number> {
  server = createServer((request, response) => {
    guardBody(request, response, { ...PACE, lingerMs: options.lingerMs ?? PACE.lingerMs })
    if (options.answersAtOnce) {
      response.end('no')
      return
    }
    if (options.stopsReading) {
      const body = new Request('http://a/', { method: 'POST', body: request, duplex: 'half' } as never).body
      const reader = body?.getReader()
      reader?.read().then(() => {
        reader.releaseLock()
        response.end('no')
      })
      return
    }
    let size = 0
    setTimeout(() => {
      request.on('data', (chunk: Buffer) => (size += chunk.length)).on('end', () => response.end(`${size}`))
    }, options.readsAfterMs ?? 0)
  })
  server.on('clientError', answerBrokenRequest)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** Sends texts, one every `everyMs`, and gives all that came back until the connection was closed. */
function send(port: number, texts: string[], everyMs = 0): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    const next = setInterval(() => {
      const text = texts.shift()
      if (text === undefined) clearInterval(next)
      else socket.write(text)
    }, everyMs)
    socket.on('data', (data) => (answer += String(data)))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearInterval(next)
      resolve(answer)
    })
  })
}

/** As many clients do: looks for the reply only when the whole body is on its way. */
function sendAllThenRead(port: number, length: number): Promise<string> {
  return new Promise((resolve, reject) => {
    // Half-open, as sockets are elsewhere: Node's own would take our end of the connection for the end of its own.
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    socket.on('error', reject)
    socket.write(post(length))
    socket.write(Buffer.alloc(length), () => {
      let answer = ''
      socket.on('data', (data) => (answer += String(data)))
      socket.on('end', () => {
        socket.end()
        resolve(answer)
      })
    })
  })
}

const post = (length: number) =>
  `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`

describe('a body', () => {
  it('that trickles is ended with 408 in the form of every error', async () => {
    const answer = await send(await listen(), [post(1000), ...'x'.repeat(60)], 20)
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toEqual({
      error: { code: 'REQUEST_TIMEOUT', message: expect.any(String), requestId: expect.any(String) },
    })
  })
  it('that comes slowly but steadily arrives whole, over many windows', async () => {
    const parts = Array.from({ length: 40 }, () => 'x'.repeat(100))
    expect(await send(await listen(), [post(4000), ...parts], 20)).toMatch(/200 OK[\s\S]*\b4000\b/)
  })
  it('that we are slow to read is left in peace', async () => {
    const answer = await send(
      await listen({ readsAfterMs: 700 }),
      [`${post(60)}${'x'.repeat(30)}`, 'x'.repeat(30)],
      650,
    )
    expect(answer).toContain('200 OK')
  })
  it.each([
    ['before it is looked at', { answersAtOnce: true }],
    ['by a reader that stops half-way', { stopsReading: true }],
  ])('that is refused %s does not cost a client its reply that sends all of it first', async (_what, how) => {
    const port = await listen({ ...how, lingerMs: 10_000 })
    for (let times = 0; times < 5; times += 1)
      expect(await sendAllThenRead(port, 20_000_000)).toContain('200 OK')
  })
  it('of a request that was answered long ago does not hold the connection', async () => {
    expect(await send(await listen({ answersAtOnce: true }), [post(1000), ...'x'.repeat(60)], 20)).toContain(
      '200 OK',
    )
  })
})

describe('a connection', () => {
  it('is kept for the next request when the rest of an answered body does arrive', async () => {
    const keep = (length: number) => `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`
    const port = await listen({ answersAtOnce: true })
    const answer = await send(port, [`${keep(10)}xxxxx`, 'xxxxx', '', '', '', post(0)], 60)
    expect(answer.match(/200 OK/g)).toHaveLength(2)
  })
})

describe('a request that is none', () => {
  it.each([
    ['400', 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n', 'BAD_REQUEST'],
    ['431', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(1_000_000)}\r\n\r\n`, 'HEADERS_TOO_LARGE'],
  ])('is answered with %s in JSON, also while it is still being sent', async (status, text, code) => {
    const answer = await send(await listen(), [text])
    expect(answer).toContain(`HTTP/1.1 ${status} `)
    expect(answer).toContain(`"code":"${code}"`)
  })
})
