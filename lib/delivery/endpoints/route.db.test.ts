import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openDatabase } from '#db/client.ts'
import { auditEvents } from '#db/schema/audit.ts'
import { idempotencyKeys } from '#db/schema/idempotency-key.ts'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import { createApiKey } from '#lib/platform/auth/create-api-key.ts'
import { taskActor } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { freePort } from '#tests/support/free-port.ts'
import { openTestService, TEST_BASE_URL, type TestService } from '#tests/support/test-service.ts'

let test: TestService
let key: string
beforeAll(async () => {
  test = await openTestService()
  const context = { db: test.service.db, actor: taskActor('test'), now: new Date(), requestId: 'r' }
  key = (await createApiKey(context, { name: 'k', roles: ['ml-lead'] })).key
})
afterAll(() => test.close())

/** What the verb behind the routes below is to do next, as if the world made it so. */
let incident: (() => void) | undefined
const base = {
  method: 'POST',
  path: '/api/things/{name}',
  summary: 'A thing',
  tags: [],
  permission: 'dataset:write',
  params: z.strictObject({ name: z.string().regex(/^[\w-]{1,40}$/) }),
  body: z.strictObject({
    size: z.number().min(0),
    tags: z.array(z.strictObject({ text: z.string() })).optional(),
  }),
  responses: { 201: z.strictObject({ name: z.string(), seq: z.number() }) },
} as const

/** A creating verb: its effect is an audit event, so that effects can be counted. */
function creating(endpoint: typeof base & { idempotency?: 'transaction' | 'natural' }) {
  return route(defineEndpoint(endpoint), async ({ context, params }) => {
    const seq = await context.db.transaction(async (tx) => {
      await recordAuditEvent(tx, context, {
        action: 'dataset.register',
        objectType: 'dataset',
        objectId: params.name,
      })
      const [event] = await tx.select().from(auditEvents).where(eq(auditEvents.objectId, params.name))
      return event?.seq ?? 0
    })
    incident?.()
    return reply(201, { name: params.name, seq })
  })
}
const create = creating(base)
const createOnce = creating({ ...base, idempotency: 'transaction' })
const createNaturally = creating({ ...base, idempotency: 'natural' })

function post(
  handler: (request: Request) => Promise<Response>,
  body: BodyInit | null,
  options: { name?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...options.headers }
  const address = `${TEST_BASE_URL}/api/things/${options.name ?? 'a'}`
  return handler(new Request(address, { method: 'POST', headers, body, duplex: 'half' } as RequestInit))
}
const effects = (name: string) => test.service.db.$count(auditEvents, eq(auditEvents.objectId, name))

describe('a route', () => {
  it('answers with JSON that no cache stores, under a request id', async () => {
    const response = await post(create, '{"size":1}', { name: 'plain' })
    expect(response.status).toBe(201)
    expect(await response.json()).toMatchObject({ name: 'plain' })
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })

  it.each([
    ['broken JSON', '{"size":1,}', {}, 400],
    ['a byte order mark', '\uFEFF{"size":1}', {}, 400],
    ['UTF-16', Buffer.from('{"size":1}', 'utf16le'), {}, 400],
    ['a number out of range', '{"size":1e999}', {}, 400],
    ['a key twice', '{"size":1,"size":2}', {}, 400],
    ['an unknown key', '{"size":1,"role":"administrator"}', {}, 400],
    ['an unknown key further down', '{"size":1,"tags":[{"text":"x","userId":"1"}]}', {}, 400],
    ['a __proto__ key', '{"size":1,"__proto__":{"polluted":1}}', {}, 400],
    ['a value out of bounds', '{"size":-1}', {}, 400],
    ['a list instead of an object', '[]', {}, 400],
    ['nothing', null, {}, 400],
    ['text as JSON', '{"size":1}', { 'content-type': 'text/plain' }, 415],
    ['a form', 'size=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['no content type', Buffer.from('{"size":1}'), { 'content-type': '' }, 415],
    ['another charset', '{"size":1}', { 'content-type': 'application/json; charset=utf-16' }, 415],
    ['a compressed body', '{"size":1}', { 'content-encoding': 'gzip' }, 415],
    ['two megabytes', `{"size":1,"x":"${'x'.repeat(2e6)}"}`, {}, 413],
  ])('refuses %s', async (_what, body, headers, status) => {
    const response = await post(create, body, { headers, name: 'refused' })
    expect(response.status).toBe(status)
    const { error } = await response.json()
    expect(error).toMatchObject({ code: expect.any(String), message: expect.any(String) })
    expect(error.requestId).toBe(response.headers.get('x-request-id'))
    expect('polluted' in {}).toBe(false)
    expect(await effects('refused')).toBe(0)
  })

  it('names the field that is wrong and not its value', async () => {
    const { error } = await (await post(create, '{"size":"Meier","tags":[{}]}')).json()
    expect(error.code).toBe('INVALID_INPUT')
    expect(error.details.faults.map(({ path }: { path: string }) => path)).toEqual(['size', 'tags.0.text'])
    expect(JSON.stringify(error)).not.toContain('Meier')
  })

  it('stops an endless body at the limit', async () => {
    let pulled = 0
    const endless = new ReadableStream({
      pull: (controller) => {
        pulled += 1
        controller.enqueue(new Uint8Array(100_000).fill(0x20))
      },
    })
    expect((await post(create, endless)).status).toBe(413)
    expect(pulled).toBeLessThan(30)
  })

  it.each([
    ['a path out of its folder', '..%2F..%2Fetc%2Fpasswd', 400],
    ['a path encoded twice', '%252e%252e%252fetc', 400],
    ['a broken escape', '%E0%A4%A', 400],
    ['NUL', 'a%00', 400],
  ])('refuses %s in the address', async (_what, name, status) => {
    expect((await post(create, '{"size":1}', { name })).status).toBe(status)
  })

  it('maps failures of the verb and shows nothing of surprises', async () => {
    const answers: [unknown, number, string][] = [
      [new ServiceError('UNPROCESSABLE', 'No images.', { code: 'EMPTY' }), 422, 'EMPTY'],
      [new ServiceError('CONFLICT', 'There is one.'), 409, 'CONFLICT'],
      [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 503, 'DATABASE_UNAVAILABLE'],
      [new Error('secret path /home/x and password'), 500, 'INTERNAL'],
      ['not even an error', 500, 'INTERNAL'],
    ]
    for (const [thrown, status, code] of answers) {
      incident = () => {
        throw thrown
      }
      const response = await post(create, '{"size":1}')
      incident = undefined
      expect(response.status).toBe(status)
      const text = await response.text()
      expect(JSON.parse(text).error.code).toBe(code)
      expect(text).not.toContain('secret')
      expect(response.headers.has('retry-after')).toBe(status === 503)
    }
  })

  it('refuses to answer what it has not described', async () => {
    const wrong = route(defineEndpoint(base), async () => reply(201, { name: 'a', seq: Number.NaN }))
    expect((await post(wrong, '{"size":1}')).status).toBe(500)
  })

  it('answers HEAD like GET without a body, and 405 for what it has not, whatever override is asked for', async () => {
    const get = { ...base, method: 'GET', responses: { 200: z.strictObject({}) } } as const
    const { body: _body, ...withoutBody } = get
    const served = routes(
      route(defineEndpoint(withoutBody), async () => reply(200, {})),
      create,
    )
    const request = (method: string) =>
      new Request(`${TEST_BASE_URL}/api/things/a`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'x-http-method-override': 'GET' },
      })
    const head = await served.HEAD(request('HEAD'))
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect(head.headers.get('content-type')).toBe('application/json')
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
      const response = await served[method](request(method))
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST, HEAD'])
      expect(await response.json()).toMatchObject({ error: { code: 'METHOD_NOT_ALLOWED' } })
    }
  })
})

describe('an Idempotency-Key', () => {
  const headers = (value: string) => ({ 'idempotency-key': value })

  it.each([
    ['transaction', createOnce],
    ['natural', createNaturally],
  ] as const)('gives the same reply again (%s)', async (mode, handler) => {
    const name = `again-${mode}`
    const first = await (await post(handler, '{"size":1}', { name, headers: headers(name) })).json()
    const spaced = await post(handler, '{ "size" : 1.0 }', { name, headers: headers(name) })
    expect([spaced.status, await spaced.json()]).toEqual([201, first])
    expect(await effects(name)).toBe(1)
  })

  it('makes one effect of 20 calls at once', async () => {
    const calls = Array.from({ length: 20 }, () =>
      post(createOnce, '{"size":1}', { name: 'crowd', headers: headers('crowd') }),
    )
    const replies = await Promise.all((await Promise.all(calls)).map((response) => response.json()))
    expect(new Set(replies.map((body) => JSON.stringify(body))).size).toBe(1)
    expect(await effects('crowd')).toBe(1)
  })

  it.each([
    ['transaction', createOnce],
    ['natural', createNaturally],
  ] as const)('is refused for another body or address (%s)', async (mode, handler) => {
    await post(handler, '{"size":1}', { name: `x-${mode}`, headers: headers(`other-${mode}`) })
    const other = await post(handler, '{"size":2}', { name: `x-${mode}`, headers: headers(`other-${mode}`) })
    expect([other.status, (await other.json()).error.code]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED'])
    const elsewhere = await post(handler, '{"size":1}', {
      name: `y-${mode}`,
      headers: headers(`other-${mode}`),
    })
    expect(elsewhere.status).toBe(409)
    expect(await effects(`y-${mode}`)).toBe(0)
  })

  it('leaves neither key nor effect when the call fails, so that it can be repeated', async () => {
    incident = () => {
      throw new Error('the process dies here, as far as the database can tell')
    }
    expect((await post(createOnce, '{"size":1}', { name: 'dies', headers: headers('dies') })).status).toBe(
      500,
    )
    incident = undefined
    expect(await effects('dies')).toBe(0)
    expect(await test.service.db.$count(idempotencyKeys, eq(idempotencyKeys.key, 'dies'))).toBe(0)
    expect((await post(createOnce, '{"size":1}', { name: 'dies', headers: headers('dies') })).status).toBe(
      201,
    )
    expect(await effects('dies')).toBe(1)
  })

  it('lets a natural verb run again whose process died before its reply was stored', async () => {
    const again = () => post(createNaturally, '{"size":1}', { name: 'cut', headers: headers('cut') })
    await again()
    await test.service.db
      .update(idempotencyKeys)
      .set({ status: null, body: null })
      .where(eq(idempotencyKeys.key, 'cut'))
    expect((await again()).status).toBe(201)
    const [row] = await test.service.db.select().from(idempotencyKeys).where(eq(idempotencyKeys.key, 'cut'))
    expect(row?.status).toBe(201)
  })

  it('of a malformed kind is refused, and without one each call creates', async () => {
    for (const wrong of ['', 'with space', 'x'.repeat(201)])
      expect((await post(createOnce, '{"size":1}', { name: 'k', headers: headers(wrong) })).status).toBe(400)
    await post(createOnce, '{"size":1}', { name: 'twice' })
    await post(createOnce, '{"size":1}', { name: 'twice' })
    expect(await effects('twice')).toBe(2)
  })
})

describe('without its database', () => {
  it('a route answers 503 with Retry-After and never lets a caller in', async () => {
    const port = await freePort()
    const away = openDatabase(`postgresql://u:p@127.0.0.1:${port}/x`)
    const { db } = test.service
    test.service.db = away.db
    const response = await post(create, '{"size":1}')
    test.service.db = db
    await away.close()
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await response.text()).not.toContain(String(port))
  })
})
