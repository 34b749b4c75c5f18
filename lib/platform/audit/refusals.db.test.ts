import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { GET as listEvents, GET as listUsers, POST as signIn } from '#app/api/[...path]/route.ts'
import { auditEvents, refusalCounts } from '#db/schema/audit.ts'
import { createApiKey } from '#lib/platform/auth/create-api-key.ts'
import { type Context, taskActor } from '#lib/platform/context.ts'
import { CLIENT_ADDRESS_HEADER } from '#lib/platform/http/client-address.ts'
import { openTestService, TEST_BASE_URL, type TestService } from '#tests/support/test-service.ts'
import { closeRefusalWindows, recordRefusal } from './record-refusal.ts'
import { verifyAuditChain } from './verify-chain.ts'

let test: TestService
const keys: string[] = []
const asTask = (now = new Date()): Context => ({
  db: test.service.db,
  actor: taskActor('test'),
  now,
  requestId: 'r',
})
beforeAll(async () => {
  test = await openTestService()
  for (const name of ['one', 'two'])
    keys.push((await createApiKey(asTask(), { name, roles: ['read-only'] })).key)
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.service.db.delete(refusalCounts)
})

type Handler = (request: Request) => Promise<Response>
const denied = (handler: Handler, address: string, key = keys[0]) =>
  handler(new Request(`${TEST_BASE_URL}${address}`, { headers: { authorization: `Bearer ${key}` } }))
const countEvents = () => test.service.db.$count(auditEvents)
const inTwoHours = () => new Date(Date.now() + 2 * 3_600_000)
const HOUR = new Date('2026-03-01T10:00:00Z')
const deny = (minutes: number, objectId = 'GET /api/users') =>
  recordRefusal(asTask(new Date(HOUR.getTime() + minutes * 60_000)), {
    action: 'request.deny',
    objectType: 'route',
    objectId,
    reason: 'FORBIDDEN',
  })

describe('calls that are refused again and again', () => {
  it('are one event, and one more for all repeats when the hour is over', async () => {
    const before = await countEvents()
    const responses = await Promise.all(Array.from({ length: 8 }, () => denied(listUsers, '/api/users')))
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([403]))
    expect((await countEvents()) - before).toBe(1)
    await closeRefusalWindows(asTask())
    expect((await countEvents()) - before).toBe(1)
    await closeRefusalWindows(asTask(inTwoHours()))
    const events = await test.service.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.action, 'request.deny'))
      .orderBy(auditEvents.seq)
    expect(events.slice(-2)).toMatchObject([
      { actorName: 'one', objectId: 'GET /api/users', reason: 'FORBIDDEN', after: null },
      { actorName: 'one', objectId: 'GET /api/users', reason: 'FORBIDDEN', after: { repeats: 7 } },
    ])
    expect(await test.service.db.$count(refusalCounts)).toBe(0)
    expect(await verifyAuditChain(test.service.db)).toMatchObject({ ok: true })
  })

  it('are told apart by actor and by route', async () => {
    const before = await countEvents()
    for (let times = 0; times < 3; times += 1)
      for (const key of keys) {
        await denied(listUsers, '/api/users', key)
        await denied(listEvents, '/api/audit-events', key)
      }
    expect((await countEvents()) - before).toBe(4)
  })

  it('begin anew with the next hour, and a single one leaves no second event', async () => {
    const before = await countEvents()
    for (const minutes of [0, 59, 60, 130]) await deny(minutes)
    await closeRefusalWindows(asTask(new Date(HOUR.getTime() + 4 * 3_600_000)))
    expect((await countEvents()) - before).toBe(4) // three first ones, and one for the repeat of the first hour
  })

  it('are closed in parts, each once, also by two processes at the same time', async () => {
    for (let route = 0; route < 205; route += 1) await deny(0, `GET /${route}`)
    await test.service.db.update(refusalCounts).set({ count: sql`count + 1` })
    const before = await countEvents()
    const context = asTask(new Date(HOUR.getTime() + 2 * 3_600_000))
    await Promise.all([closeRefusalWindows(context), closeRefusalWindows(context)])
    while (await closeRefusalWindows(context)) expect(await countEvents()).toBeGreaterThan(before)
    expect((await countEvents()) - before).toBe(205)
    expect((await verifyAuditChain(test.service.db)).ok).toBe(true)
  })

  it('are answered with 429 and a time beyond a hundred, while what is allowed goes on', async () => {
    await denied(listUsers, '/api/users')
    await test.service.db.update(refusalCounts).set({ count: 100 })
    const response = await denied(listUsers, '/api/users')
    expect(response.status).toBe(429)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await denied(listEvents, '/api/audit-events')).status).toBe(403)
    expect((await denied(listUsers, '/api/users', keys[1])).status).toBe(403)
  })

  it('of strangers who sign in to an unknown account are one event', async () => {
    const before = await countEvents()
    for (let index = 0; index < 4; index += 1) {
      const response = await signIn(
        new Request(`${TEST_BASE_URL}/api/auth/sign-in/email`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', [CLIENT_ADDRESS_HEADER]: `192.0.2.${index}` },
          body: JSON.stringify({ email: `unknown-${index}@hospital.example`, password: 'correct horse' }),
        }),
      )
      expect(response.status).toBe(401)
    }
    expect((await countEvents()) - before).toBe(1)
  })
})

describe('the audit log', () => {
  it.each(['audit_events_actor_id', 'audit_events_actor_name', 'audit_events_action'])(
    'has the index %s for its filters',
    async (name) => {
      const { rows } = await test.service.db.execute(
        sql`select 1 from pg_indexes where tablename = 'audit_events' and indexname = ${name}`,
      )
      expect(rows).toHaveLength(1)
    },
  )

  it('is no longer verified for a client that has gone', async () => {
    const leaving = new AbortController()
    leaving.abort()
    const checked = verifyAuditChain(test.service.db, { signal: leaving.signal })
    await expect(checked).rejects.toMatchObject({ code: 'CLIENT_LEFT' })
  })
})
