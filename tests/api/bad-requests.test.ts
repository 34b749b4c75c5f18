import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApiClient, apiClient } from '#tests/support/api-client.ts'
import { type Instance, startInstance } from '#tests/support/instance.ts'

let instance: Instance
let api: ApiClient
beforeAll(async () => {
  instance = await startInstance()
  api = apiClient(instance.url, instance.apiKey)
})
afterAll(() => instance?.stop())

/** Sends bytes as they are, and gives all that comes back until the connection is closed. */
function sendRaw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(instance.url).port), '127.0.0.1')
    let answer = ''
    socket.on('data', (data) => (answer += String(data)))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
    socket.write(text)
  })
}
const head = (first: string, ...headers: string[]) =>
  `${[first, `Host: ${new URL(instance.url).host}`, 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`

const statusOf = (answer: string) => Number(answer.split(' ', 2)[1])
const part = (disposition: string) => `--B\r\nContent-Disposition: form-data; ${disposition}\r\n\r\nx\r\n`

describe('a request that names no address of ours', () => {
  it.each(['/api/nothing', '/API/datasets', '/api', '/api/datasets/x/y/z', '/api/datasets/%2e%2e/api-keys'])(
    '%s is 404 in JSON',
    async (path) => {
      const answer = await sendRaw(head(`GET ${path} HTTP/1.1`))
      expect([statusOf(answer), answer]).toEqual([404, expect.stringContaining('"code":"NOT_FOUND"')])
    },
  )
  it.each(['*', 'http://169.254.169.254/latest', 'http://evil.test/api/health'])(
    '%s is refused, and leads nowhere',
    async (target) => {
      const answer = await sendRaw(head(`OPTIONS ${target} HTTP/1.1`))
      expect([statusOf(answer), /^location:/im.test(answer)]).toEqual([400, false])
    },
  )
  it('is refused under another host name, and under two', async () => {
    expect(
      statusOf(await sendRaw('GET /api/health HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n')),
    ).toBe(421)
    expect(statusOf(await sendRaw(head('GET /api/health HTTP/1.1', 'Host: evil.test')))).toBe(400)
  })
})

describe('a request that is too large or none at all', () => {
  it.each([
    [431, () => head('GET /api/health HTTP/1.1', `X-Large: ${'a'.repeat(64 * 1024)}`)],
    [414, () => head(`GET /api/health?${'a'.repeat(10_000)} HTTP/1.1`)],
    [400, () => head('FOO /api/health HTTP/1.1')],
    [
      400,
      () =>
        `${head('POST /api/datasets HTTP/1.1', 'Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\nG`,
    ],
  ])('is answered with %i in the form of every error', async (status, text) => {
    const answer = await sendRaw(text())
    expect(statusOf(answer)).toBe(status)
    expect(answer).toMatch(/\{"error":\{"code":"\w+","message":"[^"]+","requestId":"[0-9a-f-]{36}"\}\}/)
  })
  it('is refused before its 100 MB are read', async () => {
    const response = await fetch(`${instance.url}/api/datasets`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${instance.apiKey}`, 'Content-Type': 'application/json' },
      body: Buffer.alloc(100_000_000, 0x20),
    })
    expect([response.status, (await response.json()).error.code]).toEqual([413, 'TOO_LARGE'])
  })
})

describe('a multipart body', () => {
  const post = (body: string) =>
    fetch(`${instance.url}/predict/`, {
      method: 'POST',
      headers: { 'Content-Type': 'multipart/form-data; boundary=B' },
      body: `${body}--B--\r\n`,
    })
  it.each([
    ['of two files', part('name="file"; filename="a"').repeat(2), 413, 'TOO_MANY_PARTS'],
    ['of a hundred texts', part('name="a"').repeat(100), 400, 'BAD_MULTIPART'],
    ['with a file of another name', part('name="__proto__"; filename="a"'), 400, 'BAD_MULTIPART'],
    ['without its file', part('name="other"'), 400, 'BAD_MULTIPART'],
  ])('%s is refused with a reason', async (_what, body, status, code) => {
    const response = await post(body)
    expect([response.status, (await response.json()).error.code]).toEqual([status, code])
  })
})

describe('the API', () => {
  const name = 'val'
  beforeAll(async () => {
    const registered = await api.post('/api/datasets', { name })
    expect(registered.status, registered.text).toBe(201)
  })

  it('scans a dataset on a POST without a body', async () => {
    const started = await api.call('POST', `/api/datasets/${name}/snapshots`)
    expect(started.status, started.text).toBe(202)
  })
  it('gives the reply again to a repeated Idempotency-Key, moments included', async () => {
    const create = () =>
      fetch(`${instance.url}/api/datasets`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${instance.apiKey}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': 'once',
        },
        body: JSON.stringify({ name: 'once' }),
      }).then(async (response) => [response.status, await response.json()])
    const [first, ...others] = await Promise.all(Array.from({ length: 5 }, create))
    expect(first?.[0]).toBe(201)
    for (const other of others) expect(other).toEqual(first)
    expect(await create()).toEqual(first)
  })
  it('starts nothing for HEAD, nor for another site’s page', async () => {
    const evaluate = (init: RequestInit) => fetch(`${instance.url}/evaluate?dataset=${name}`, init)
    expect((await evaluate({ method: 'HEAD' })).status).toBe(405)
    const headers = { 'Sec-Fetch-Site': 'cross-site' }
    const answer = await sendRaw(head(`GET /evaluate?dataset=${name} HTTP/1.1`, 'Sec-Fetch-Site: cross-site'))
    expect([statusOf(answer), (await evaluate({ headers })).status]).toEqual([403, 403])
    expect((await api.get('/api/evaluation-runs')).body.items).toEqual([])
  })
  it.each(['/', '/api/health', '/api/nothing'])('lets no other site frame or sniff %s', async (path) => {
    const { headers } = await fetch(`${instance.url}${path}`)
    expect([headers.get('x-frame-options'), headers.get('x-content-type-options')]).toEqual([
      'DENY',
      'nosniff',
    ])
  })
  it('answers after all of it, and has written none of it down as a fault', async () => {
    expect(await instance.isHealthy()).toBe(true)
    expect(instance.output()).not.toContain('request failed')
  })
})
