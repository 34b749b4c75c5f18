import { describe, expect, it } from 'vitest'
import { apiClient } from '#tests/support/api-client.ts'
import { shareInstance } from '#tests/support/shared-instance.ts'

// A hundred times what refusing such a body takes, ten times that on a busy machine: work that grows with the attack
// takes minutes.
const GUARD_MS = 10_000

const instance = shareInstance()
const api = apiClient(instance.url, instance.apiKey)

async function postBytes(
  body: string | Uint8Array<ArrayBuffer>,
  type = 'application/json',
  path = '/api/datasets',
) {
  const started = performance.now()
  const response = await fetch(`${instance.url}${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${instance.apiKey}`, 'Content-Type': type },
    body,
  })
  const { error } = await response.json()
  return { answer: [response.status, error?.code], milliseconds: performance.now() - started }
}
const get = async (path: string) => {
  const { status, body } = await api.get(path)
  return [status, body.error?.code]
}

describe('a JSON body', () => {
  it.each([
    ['with a trailing comma', '{"name":"a",}'],
    ['that is cut off', '{"name":'],
    ['with a byte order mark', '\uFEFF{"name":"a"}'],
    ['in UTF-16', Buffer.from('{"name":"a"}', 'utf16le')],
    ['that is not UTF-8', Buffer.from([...Buffer.from('{"name":"'), 0xc3, 0x28, ...Buffer.from('"}')])],
    ['that has a key twice', '{"name":"a","name":"b"}'],
    ['10,000 levels deep', `{"name":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['with a number beyond float64', '{"name":1e999}'],
    ['with an integer that float64 would round', '{"name":9007199254740993}'],
  ])('%s is 400 BAD_JSON', async (_what, body) => {
    const { answer, milliseconds } = await postBytes(body)
    expect(answer).toEqual([400, 'BAD_JSON'])
    expect(milliseconds).toBeLessThan(GUARD_MS)
  })
  it('of a million keys is 413', async () => {
    const { answer, milliseconds } = await postBytes(
      `{${Array.from({ length: 1e6 }, (_, index) => `"k${index}":0`)}}`,
    )
    expect(answer).toEqual([413, 'TOO_LARGE'])
    expect(milliseconds).toBeLessThan(GUARD_MS)
  })
  it('under another type is 415', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json; charset=utf-16',
    ])
      expect((await postBytes('{"name":"a"}', type)).answer).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE'])
  })
  it.each(['role', 'roles', 'siteId', 'userId', 'createdAt', 'id', '__proto__', 'constructor'])(
    'with the key %s, which no client may set, is 400 everywhere',
    async (key) => {
      const addresses = ['/api/datasets', '/api/evaluation-runs', '/api/auth/sign-in/email']
      for (const path of addresses)
        expect((await postBytes(`{"${key}":"x"}`, 'application/json', path)).answer).toEqual([
          400,
          'INVALID_INPUT',
        ])
      expect((await postBytes(`{"name":"k","x":{"${key}":1}}`)).answer).toEqual([400, 'INVALID_INPUT'])
      expect(Object.keys((await api.get('/api/health')).body)).toEqual(['status', 'dependencies'])
    },
  )
})

describe('a name', () => {
  it.each([
    '../../etc',
    '..%2f',
    '%252e%252e',
    'C:\\',
    'file://',
    '/etc',
    '-rf',
    "x'; drop table datasets; --",
  ])('%j is none of a dataset', async (name) => {
    const refused = await api.post('/api/datasets', { name })
    expect([refused.status, refused.body.error.code]).toEqual([400, 'BAD_NAME'])
    const found = await api.get(`/api/datasets/${encodeURIComponent(name)}`)
    expect([found.status, found.body.error.code]).toEqual([404, 'NOT_FOUND'])
  })
  it('with a NUL is refused as JSON and as an address', async () => {
    expect((await postBytes('{"name":"a\\u0000"}')).answer).toEqual([400, 'BAD_JSON'])
    expect(await get('/api/datasets/a%00')).toEqual([400, 'BAD_ADDRESS'])
  })
  it.each([
    `"; drop table users; --`,
    `' or 1=1 --`,
    `<script>alert(1)</script>`,
    '{{7*7}}',
    `\${7*7}`,
    `<img src=x onerror=alert(1)>`,
  ])('%j of a key is kept as it is, as JSON that no browser takes for a page', async (name) => {
    const made = await api.post('/api/api-keys', { name, roles: ['read-only'] })
    expect([made.status, made.body.name]).toEqual([201, name])
    const { headers, body } = await api.get('/api/api-keys?limit=500')
    expect(body.items.map((item: { name: string }) => item.name)).toContain(name)
    expect([headers.get('content-type'), headers.get('x-content-type-options')]).toEqual([
      'application/json',
      'nosniff',
    ])
  })
})

describe('a query', () => {
  it.each(['-1', '0', '501', '1e9', '1000000000', 'NaN', '10; drop', '', '5.5'])(
    'with limit=%s is 400',
    async (limit) => {
      expect(await get(`/api/datasets?limit=${encodeURIComponent(limit)}`)).toEqual([400, 'INVALID_INPUT'])
    },
  )
  it.each([
    ['a status that is none', '/api/evaluation-runs?status=%22%3B%20drop'],
    ['a field to sort by', '/api/datasets?sort=name%22'],
    ['a filter twice', '/api/evaluation-runs?dataset=a&dataset=b'],
  ])('with %s is 400', async (_what, path) => {
    expect(await get(path)).toEqual([400, 'INVALID_INPUT'])
  })
  it('with SQL in a filter finds nothing', async () => {
    const filter = encodeURIComponent(`x' or '1'='1`)
    const { status, body } = await api.get(`/api/evaluation-runs?dataset=${filter}`)
    expect([status, body.items]).toEqual([200, []])
    expect((await api.get(`/api/audit-events?actor=${filter}`)).body.items).toEqual([])
  })
  it.each(['garbage', '.', 'eyJ9.x', 'W10.AAAA', '%F0%9F%92%A5'])(
    'with the cursor %s is 400',
    async (cursor) => {
      expect(await get(`/api/audit-events?cursor=${cursor}`)).toEqual([400, 'BAD_CURSOR'])
    },
  )
  it('with a cursor of another list, of other filters, or of another person is 400', async () => {
    const { nextCursor } = (await api.get('/api/audit-events?limit=1')).body
    const other = await api.post('/api/api-keys', { name: 'other', roles: ['administrator'] })
    const asOther = apiClient(instance.url, other.body.key)
    expect((await api.get(`/api/audit-events?limit=7&cursor=${nextCursor}`)).status).toBe(200)
    expect(await get(`/api/api-keys?cursor=${nextCursor}`)).toEqual([400, 'BAD_CURSOR'])
    expect(await get(`/api/audit-events?action=session.open&cursor=${nextCursor}`)).toEqual([
      400,
      'BAD_CURSOR',
    ])
    const { status, body } = await asOther.get(`/api/audit-events?cursor=${nextCursor}`)
    expect([status, body.error.code]).toEqual([400, 'BAD_CURSOR'])
  })
  it.each([
    '2026-11-01T00:00:00',
    '2026-11-01',
    '2026-02-30T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '2026-11-01T24:61:00Z',
    'yesterday',
    '1700000000',
  ])('with the instant %s is 400', async (instant) => {
    expect(await get(`/api/audit-events?from=${instant}`)).toEqual([400, 'INVALID_INPUT'])
  })
  it('with an instant of any offset is taken, and one that ends before it begins is not', async () => {
    const at = (text: string) => encodeURIComponent(text)
    for (const text of ['2026-03-29T02:30:00+01:00', '2026-11-01T05:45:00+05:45', '2026-11-01T00:00:00.5Z'])
      expect((await api.get(`/api/audit-events?from=${at(text)}`)).status).toBe(200)
    const backwards = `/api/audit-events?from=${at('2026-11-02T00:00:00Z')}&to=${at('2026-11-01T00:00:00Z')}`
    expect(await get(backwards)).toEqual([400, 'BAD_REQUEST'])
  })
})

it('answers after all of it, and has written none of it down as a fault', async () => {
  expect(await instance.isHealthy()).toBe(true)
  expect(instance.output()).not.toContain('request failed')
})
