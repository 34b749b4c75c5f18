import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DELETE as revoke } from '#app/api/api-keys/[id]/route.ts'
import { POST as create, GET as list } from '#app/api/api-keys/route.ts'
import { auditEvents } from '#db/schema/audit.ts'
import { apiKeys, users } from '#db/schema/auth.ts'
import { idempotencyKeys } from '#db/schema/idempotency-key.ts'
import { type Context, taskActor } from '#lib/platform/context.ts'
import type { Role } from '#lib/platform/permissions.ts'
import { openTestService, TEST_BASE_URL, type TestService } from '#tests/support/test-service.ts'
import { createApiKey } from './create-api-key.ts'
import { createUser } from './create-user.ts'

let test: TestService
let admin: string
beforeAll(async () => {
  test = await openTestService()
  admin = (await createApiKey(asTask(), { name: 'admin', roles: ['administrator'] })).key
})
afterAll(() => test.close())

const asTask = (): Context => ({
  db: test.service.db,
  actor: taskActor('test'),
  now: new Date(),
  requestId: 'r',
})
async function keyOf(email: string, roles: Role[]): Promise<{ key: string; id: string; userId: string }> {
  const user = await createUser(asTask(), { email, name: email, password: 'long enough, yes', roles })
  const actor = { type: 'user' as const, id: user.id, name: email, roles, userId: user.id }
  const { apiKey, key } = await createApiKey({ ...asTask(), actor }, { name: email, roles })
  return { key, id: apiKey.id, userId: user.id }
}
function call(
  handler: (request: Request) => Promise<Response>,
  method: string,
  key: string,
  options: { path?: string; body?: object; headers?: Record<string, string> } = {},
): Promise<Response> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...options.headers }
  const body = options.body === undefined ? null : JSON.stringify(options.body)
  return handler(new Request(`${TEST_BASE_URL}/api/api-keys${options.path ?? ''}`, { method, headers, body }))
}
const statusOf = async (key: string) => (await call(list, 'GET', key)).status

describe('an API key', () => {
  it('is shown once and stored as a hash', async () => {
    const response = await call(create, 'POST', admin, { body: { name: 'ci', roles: ['administrator'] } })
    expect(response.status).toBe(201)
    const { key, id, hint } = await response.json()
    expect(key).toMatch(/^sr_[\w-]{43}$/)
    expect(key.startsWith(hint)).toBe(true)
    const listed = await (await call(list, 'GET', admin)).json()
    expect(JSON.stringify(listed)).not.toContain(key)
    expect(listed.items.map((item: { id: string }) => item.id)).toContain(id)
    const events = await test.service.db.select().from(auditEvents).where(eq(auditEvents.objectId, id))
    expect(events).toHaveLength(1)
    expect(JSON.stringify(events)).not.toContain(key)
  })

  it('stops working with the next request after its revocation', async () => {
    const { key, id } = await keyOf('revoked@hospital.example', ['reviewer'])
    expect(await statusOf(key)).toBe(200)
    expect((await call(revoke, 'DELETE', key, { path: `/${id}` })).status).toBe(204)
    expect(await statusOf(key)).toBe(401)
    expect((await call(revoke, 'DELETE', admin, { path: `/${id}` })).status).toBe(204)
    const events = await test.service.db.select().from(auditEvents).where(eq(auditEvents.objectId, id))
    expect(events.map(({ action }) => action)).toEqual(['api-key.create', 'api-key.revoke'])
  })

  it('stops working when it expires', async () => {
    const { apiKey, key } = await createApiKey(asTask(), {
      name: 'short',
      roles: ['read-only'],
      expiresAt: new Date(Date.now() + 60_000),
    })
    expect(await statusOf(key)).toBe(200)
    await test.service.db
      .update(apiKeys)
      .set({ expiresAt: new Date(Date.now() - 1) })
      .where(eq(apiKeys.id, apiKey.id))
    expect(await statusOf(key)).toBe(401)
  })

  it('loses what its owner loses', async () => {
    const { key, userId } = await keyOf('demoted@hospital.example', ['administrator', 'reviewer'])
    const seesAll = async () => (await (await call(list, 'GET', key)).json()).items.length > 1
    expect(await seesAll()).toBe(true)
    await test.service.db
      .update(users)
      .set({ roles: ['reviewer'] })
      .where(eq(users.id, userId))
    expect(await seesAll()).toBe(false)
    await test.service.db.update(users).set({ disabledAt: new Date() }).where(eq(users.id, userId))
    expect(await statusOf(key)).toBe(401)
  })

  it('cannot make a key with more roles than it has', async () => {
    const { key } = await keyOf('climber@hospital.example', ['reviewer'])
    const response = await call(create, 'POST', key, {
      body: { name: 'x', roles: ['reviewer', 'administrator'] },
    })
    expect(response.status).toBe(403)
    const denials = await test.service.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.action, 'request.deny'))
    expect(denials).toMatchObject([{ objectId: 'POST /api/api-keys', reason: 'ROLE_BEYOND_OWN' }])
  })

  it('of somebody else is neither listed nor found', async () => {
    const mine = await keyOf('mine@hospital.example', ['ml-lead'])
    const theirs = await keyOf('theirs@hospital.example', ['ml-lead'])
    const { items } = await (await call(list, 'GET', mine.key)).json()
    expect(items).toMatchObject([{ id: mine.id, ownerEmail: 'mine@hospital.example' }])
    expect(items).toHaveLength(1)
    expect((await call(revoke, 'DELETE', mine.key, { path: `/${theirs.id}` })).status).toBe(404)
    expect(await statusOf(theirs.key)).toBe(200)
  })

  it.each([
    '',
    'Bearer',
    'Bearer ',
    'Bearer x',
    'Basic dXNlcjpwYXNz',
    'bearer sr_',
    `Bearer ${'x'.repeat(5000)}`,
    'Bearer a b',
  ])('is refused with 401 as "%s"', async (authorization) => {
    const response = await list(new Request(`${TEST_BASE_URL}/api/api-keys`, { headers: { authorization } }))
    expect(response.status).toBe(401)
  })

  it('comes back the same under one Idempotency-Key, and lies nowhere in the clear', async () => {
    const headers = { 'idempotency-key': 'key-once' }
    const body = { name: 'twice', roles: ['administrator'] }
    const replies = await Promise.all(
      Array.from({ length: 6 }, async () => (await call(create, 'POST', admin, { body, headers })).json()),
    )
    expect(new Set(replies.map((reply) => reply.key)).size).toBe(1)
    expect(await test.service.db.$count(apiKeys, eq(apiKeys.name, 'twice'))).toBe(1)
    const stored = await test.service.db.select().from(idempotencyKeys)
    expect(JSON.stringify(stored)).not.toContain(replies[0].key)
    const other = await call(create, 'POST', admin, { body: { ...body, name: 'other' }, headers })
    expect(other.status).toBe(409)
  })

  it('is listed in pages, newest first, each once', async () => {
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await (await call(list, 'GET', admin, { path: `?limit=2${cursor}` })).json()
      seen.push(...page.items.map((item: { id: string }) => item.id))
      cursor = page.nextCursor === null ? '' : `&cursor=${encodeURIComponent(page.nextCursor)}`
    } while (cursor !== '')
    expect(seen).toHaveLength(await test.service.db.$count(apiKeys))
    expect(new Set(seen).size).toBe(seen.length)
  })
})
