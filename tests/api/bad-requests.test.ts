import { beforeAll, describe, expect, it } from 'vitest'
import { apiClient } from '#tests/support/api-client.ts'
import { codeOf, rawClient, statusOf } from '#tests/support/raw-request.ts'
import { shareInstance } from '#tests/support/shared-instance.ts'

const instance = shareInstance()
const api = apiClient(instance.url, instance.apiKey)
const raw = rawClient(instance.url)

const sendRaw = (text: string) => raw.send(text)
const head = (first: string, ...headers: string[]) => raw.head(first, ...headers)
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
  it('is not led elsewhere by what it says of its forwarding', async () => {
    const forwarded = ['X-Forwarded-Host: evil.test', 'X-Forwarded-Proto: https', 'Forwarded: host=evil.test']
    for (const path of ['/api/health', '/', '/api/datasets/', '/nothing']) {
      const answer = await sendRaw(head(`GET ${path} HTTP/1.1`, ...forwarded))
      expect([statusOf(answer) < 500, answer.includes('evil.test')]).toEqual([true, false])
    }
  })
})

describe('a method that an address does not have', () => {
  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'SEARCH'])(
    '%s is 405 with those it has, whatever override is asked for',
    async (method) => {
      const answer = await sendRaw(head(`${method} /api/health HTTP/1.1`, 'X-HTTP-Method-Override: GET'))
      expect([statusOf(answer), /^allow: (.*)$/im.exec(answer)?.[1]]).toEqual([405, 'GET, HEAD'])
    },
  )
  it('is not reached by an override', async () => {
    const headers = { Authorization: `Bearer ${instance.apiKey}`, 'X-HTTP-Method-Override': 'DELETE' }
    const before = (await api.get('/api/api-keys')).body.items.length
    const keys = await fetch(`${instance.url}/api/api-keys?_method=DELETE`, { headers })
    expect(keys.status).toBe(400)
    expect((await fetch(`${instance.url}/api/api-keys`, { headers })).status).toBe(200)
    expect((await api.get('/api/api-keys')).body.items).toHaveLength(before)
  })
  it('GET is answered with or without a body, HEAD without one', async () => {
    const answer = await sendRaw(`${head('GET /api/health HTTP/1.1', 'Content-Length: 5')}{"a":`)
    expect(statusOf(answer)).toBe(200)
    const withoutBody = await sendRaw(head('HEAD /api/health HTTP/1.1'))
    expect([statusOf(withoutBody), withoutBody.split('\r\n\r\n')[1]]).toEqual([200, ''])
  })
})

describe('a request that is too large or none at all', () => {
  it.each([
    [400, 'BAD_REQUEST', 'a thousand query parameters', () => [`?${'a=&'.repeat(1000)}`]],
    [200, undefined, 'five hundred cookies within the limit of headers', () => ['', 'k=v; '.repeat(500)]],
    [
      431,
      'HEADERS_TOO_LARGE',
      'five hundred cookies beyond it',
      () => ['', `k=${'v'.repeat(40)}; `.repeat(500)],
    ],
  ])('is answered with %i %s for %s', async (status, code, _what, make) => {
    const [search = '', cookie = ''] = make()
    const answer = await sendRaw(head(`GET /api/health${search} HTTP/1.1`, `Cookie: ${cookie}`))
    expect([statusOf(answer), codeOf(answer)]).toEqual([status, code])
  })
  it.each([
    [431, () => head('GET /api/health HTTP/1.1', `X-Large: ${'a'.repeat(64 * 1024)}`)],
    [414, () => head(`GET /api/health?${'a'.repeat(10_000)} HTTP/1.1`)],
    [431, () => head(`GET /api/health?${'a'.repeat(64 * 1024)} HTTP/1.1`)],
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
    ['of nothing', '', 400, 'BAD_MULTIPART'],
    ['of ten thousand files', part('name="file"; filename="a"').repeat(10_000), 413, 'TOO_MANY_PARTS'],
    ['of ten thousand texts', part('name="a"').repeat(10_000), 400, 'BAD_MULTIPART'],
    [
      'within a multipart',
      '--B\r\nContent-Disposition: form-data; name="file"\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\n' +
        '--C\r\nContent-Disposition: file; filename="a.png"\r\n\r\nx\r\n--C--\r\n',
      400,
      'BAD_MULTIPART',
    ],
  ])('%s is refused with a reason', async (_what, body, status, code) => {
    const response = await post(body)
    expect([response.status, (await response.json()).error.code]).toEqual([status, code])
  })
  it('is refused each time without a broken connection, however much of it is still to come', async () => {
    const body = part('name="file"; filename="a"').repeat(100_000)
    for (let times = 0; times < 20; times += 1) expect((await post(body)).status).toBe(413)
  })
  it.each([
    ['without a boundary', 'multipart/form-data', 400, 'BAD_MULTIPART'],
    ['of another kind', 'multipart/mixed; boundary=B', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['under no type', '', 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('%s is refused', async (_what, type, status, code) => {
    const response = await fetch(`${instance.url}/predict/`, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body: Buffer.from(part('name="file"; filename="a"')),
    })
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
    expect((await api.get(`/api/evaluation-runs?dataset=${name}`)).body.items).toEqual([])
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
