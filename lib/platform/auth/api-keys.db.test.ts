import { globSync, readFileSync } from 'node:fs'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { POST as create, GET as list, DELETE as revoke } from '#app/api/[...path]/route.ts'
import { auditEvents } from '#db/schema/audit.ts'
import { apiKeys, users } from '#db/schema/auth.ts'
import { idempotencyKeys } from '#db/schema/idempotency-key.ts'
import { type Context, taskActor } from '#lib/platform/context.ts'
import type { Role } from '#lib/platform/permissions.ts'
import { openTestService, TEST_BASE_URL, type TestService } from '#tests/support/test-service.ts'
import { createApiKey } from './create-api-key.ts'
import { createUser } from './create-user.ts'
import { findActorNames } from './find-actor-names.ts'

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
/** What a key makes: another key with the role `reviewer`. */
async function childOf(
  key: string,
  more: object = {},
): Promise<{ key: string; id: string; expiresAt: string }> {
  const response = await call(create, 'POST', key, { body: { name: 'child', roles: ['reviewer'], ...more } })
  expect(response.status).toBe(201)
  return response.json()
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

  it('that is narrow lists and revokes itself and what it made, and no other of its owner', async () => {
    const wide = await keyOf('wide@hospital.example', ['reviewer'])
    const person = { type: 'user' as const, id: wide.userId, name: 'wide', userId: wide.userId }
    const actor = { ...person, roles: ['reviewer' as const] }
    const narrow = await createApiKey({ ...asTask(), actor }, { name: 'narrow', roles: ['reviewer'] })
    const child = await childOf(narrow.key)
    const { items } = await (await call(list, 'GET', narrow.key)).json()
    expect(items.map(({ id }: { id: string }) => id).sort()).toEqual([narrow.apiKey.id, child.id].sort())
    expect((await call(revoke, 'DELETE', narrow.key, { path: `/${wide.id}` })).status).toBe(404)
    expect((await call(revoke, 'DELETE', child.key, { path: `/${narrow.apiKey.id}` })).status).toBe(404)
    expect((await call(revoke, 'DELETE', narrow.key, { path: `/${child.id}` })).status).toBe(204)
    expect([await statusOf(child.key), await statusOf(narrow.key), await statusOf(wide.key)]).toEqual([
      401, 200, 200,
    ])
  })

  it('of another user is neither listed nor found', async () => {
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

describe('a key that a key made', () => {
  const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000)
  const brief = (expiresAt: Date) => createApiKey(asTask(), { name: 'brief', roles: ['reviewer'], expiresAt })

  it('ends when that one is revoked, and so does what it made itself', async () => {
    const parent = await keyOf('parent@hospital.example', ['reviewer'])
    const child = await childOf(parent.key)
    const grandchild = await childOf(child.key)
    expect((await call(revoke, 'DELETE', admin, { path: `/${parent.id}` })).status).toBe(204)
    expect([await statusOf(child.key), await statusOf(grandchild.key)]).toEqual([401, 401])
    const events = await test.service.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.objectId, grandchild.id))
    expect(events.map(({ action }) => action)).toEqual(['api-key.create', 'api-key.revoke'])
  })

  it('ends when that one expires, and cannot be told to last longer', async () => {
    const end = inMinutes(10)
    const { key } = await brief(end)
    expect((await childOf(key)).expiresAt).toBe(end.toISOString())
    const sooner = inMinutes(5).toISOString()
    expect((await childOf(key, { expiresAt: sooner })).expiresAt).toBe(sooner)
    const body = { name: 'longer', roles: ['reviewer'], expiresAt: inMinutes(11).toISOString() }
    const longer = await call(create, 'POST', key, { body })
    expect([longer.status, (await longer.json()).error.code]).toEqual([422, 'EXPIRY_BEYOND_OWN'])
  })

  it('is not left behind by one that is made while its maker is revoked', async () => {
    const parent = await keyOf('racing@hospital.example', ['reviewer'])
    const body = { name: 'raced', roles: ['reviewer'] }
    const makes = Array.from({ length: 8 }, () => call(create, 'POST', parent.key, { body }))
    const [revoked, ...made] = await Promise.all([
      call(revoke, 'DELETE', admin, { path: `/${parent.id}` }),
      ...makes,
    ])
    expect(revoked?.status).toBe(204)
    for (const response of made.filter(({ status }) => status === 201))
      expect(await statusOf((await response.json()).key)).toBe(401)
  })

  it('and was made before keys had makers, ends no later than its maker from the migration on', async () => {
    const { db } = test.service
    const end = inMinutes(10)
    const expiring = await brief(end)
    const ended = await brief(inMinutes(20))
    const children = [await childOf(expiring.key), await childOf(ended.key)]
    const grandchild = await childOf(children[1]?.key ?? '')
    // As the table was: nothing said who made a key, and its end was its own.
    await db.update(apiKeys).set({ parentId: null })
    for (const { id } of [...children, grandchild])
      await db.update(apiKeys).set({ expiresAt: null }).where(eq(apiKeys.id, id))
    await db.update(apiKeys).set({ revokedAt: new Date() }).where(eq(apiKeys.id, ended.apiKey.id))
    const [file = ''] = globSync('drizzle/*_keys_and_refusals.sql')
    const statements = readFileSync(file, 'utf8').split('--> statement-breakpoint')
    for (const statement of statements.filter((text) => text.includes('UPDATE "api_keys"')))
      await db.execute(sql.raw(statement))
    const [first] = await db
      .select()
      .from(apiKeys)
      .where(eq(apiKeys.id, children[0]?.id ?? ''))
    expect([first?.parentId, first?.expiresAt]).toEqual([expiring.apiKey.id, end])
    expect([await statusOf(children[1]?.key ?? ''), await statusOf(grandchild.key)]).toEqual([401, 401])
    expect([await statusOf(expiring.key), await statusOf(admin)]).toEqual([200, 200])
  })
})

describe('the name of a key', () => {
  it('does not pass for a person’s where the key made something', async () => {
    const person = await createUser(asTask(), {
      email: 'grace@hospital.example',
      name: 'Dr Grace',
      password: 'long enough, yes',
      roles: ['reviewer'],
    })
    const { apiKey } = await createApiKey(asTask(), { name: 'Dr Grace', roles: ['reviewer'] })
    const names = await findActorNames(asTask(), [person.id, apiKey.id])
    expect(names.get(person.id)).toBe('Dr Grace')
    expect(names.get(apiKey.id)).toBe(`API key “Dr Grace” (${apiKey.hint}…)`)
  })

  it.each([
    ['an escape sequence', 'ci\u001b[2J'],
    ['a line break', 'ci\nroot'],
    ['a turned direction of writing', 'ci\u202etxt.exe'],
    ['a bell', 'ci\u0007'],
    ['a control character of the upper half', 'ci\u009b2J'],
  ])('has no %s', async (_what, name) => {
    const response = await call(create, 'POST', admin, { body: { name, roles: ['administrator'] } })
    expect(response.status).toBe(400)
    await expect(createApiKey(asTask(), { name, roles: ['administrator'] })).rejects.toThrow(
      'control characters',
    )
  })
  it('may be in any script', async () => {
    for (const name of ['Prüfung 7', '検証', 'مفتاح', 'CI 🚀'])
      expect((await call(create, 'POST', admin, { body: { name, roles: ['administrator'] } })).status).toBe(
        201,
      )
  })
})
