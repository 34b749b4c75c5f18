import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  POST as createKey,
  GET as getSession,
  POST as signIn,
  POST as signOut,
} from '#app/api/[...path]/route.ts'
import { auditEvents } from '#db/schema/audit.ts'
import { sessions, signInAttempts, users } from '#db/schema/auth.ts'
import { taskActor } from '#lib/platform/context.ts'
import { CLIENT_ADDRESS_HEADER } from '#lib/platform/http/client-address.ts'
import { openTestService, TEST_BASE_URL, type TestService } from '#tests/support/test-service.ts'
import { createUser, type User } from './create-user.ts'

let test: TestService
let person: User
const password = 'correct horse battery'
beforeAll(async () => {
  test = await openTestService()
  const context = { db: test.service.db, actor: taskActor('test'), now: new Date(), requestId: 'r' }
  person = await createUser(context, {
    email: 'ada@hospital.example',
    name: 'Ada',
    password,
    roles: ['reviewer'],
  })
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.service.db.delete(signInAttempts)
})

function attempt(body: object, headers: Record<string, string> = {}): Promise<Response> {
  return signIn(
    new Request(`${TEST_BASE_URL}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }),
  )
}
async function signedIn(): Promise<string> {
  const response = await attempt({ email: person.email, password })
  expect(response.status).toBe(200)
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}
const whoIs = (cookie: string) =>
  getSession(new Request(`${TEST_BASE_URL}/api/auth/get-session`, { headers: { cookie } }))
const age = (column: 'updated_at' | 'created_at' | 'expires_at', interval: string) =>
  test.service.db.execute(sql.raw(`update sessions set ${column} = now() - interval '${interval}'`))

describe('signing in', () => {
  it('opens a session by a cookie that scripts cannot see, and answers without its token', async () => {
    const response = await attempt({ email: ' ADA@Hospital.example ', password })
    expect(await response.json()).toEqual({
      user: { id: person.id, email: 'ada@hospital.example', name: 'Ada', roles: ['reviewer'] },
    })
    const cookies = response.headers.getSetCookie()
    expect(cookies).toHaveLength(2)
    expect(cookies[1]).toMatch(/^second-reader-3999\.device=[\w-]{16}\.[\w-]{43}; .*HttpOnly; SameSite=Lax/)
    expect(cookies[0]).toMatch(/^second-reader-3999\.session=/)
    expect(cookies[0]).toMatch(/; HttpOnly/)
    expect(cookies[0]).toMatch(/; SameSite=Lax/)
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    const session = await whoIs(cookies[0]?.split(';')[0] ?? '')
    expect(await session.json()).toMatchObject({
      actor: { type: 'user', id: person.id, roles: ['reviewer'] },
    })
  })

  it('answers a wrong password and an unknown address alike', async () => {
    const wrong = await attempt({ email: person.email, password: `${password}!` })
    const unknown = await attempt({ email: 'unknown@hospital.example', password })
    expect([wrong.status, unknown.status]).toEqual([401, 401])
    const [a, b] = [await wrong.json(), await unknown.json()]
    expect({ ...a.error, requestId: '' }).toEqual({ ...b.error, requestId: '' })
    expect(wrong.headers.getSetCookie()).toEqual([])
  })

  it('looks at no more than ten of 40 wrong passwords sent at once', async () => {
    const before = await test.service.db.$count(auditEvents, eq(auditEvents.action, 'session.refuse'))
    const variants = [
      'ada@hospital.example',
      'Ada@hospital.example',
      ' ADA@HOSPITAL.EXAMPLE',
      'ａda@hospital.example',
    ]
    const responses = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        attempt({ email: variants[index % 4], password: `wrong ${index} long` }),
      ),
    )
    const statuses = responses.map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
    expect(statuses.filter((status) => status === 429)).toHaveLength(30)
    expect(
      Number(responses.find(({ status }) => status === 429)?.headers.get('retry-after')),
    ).toBeGreaterThan(0)
    const after = await test.service.db.$count(auditEvents, eq(auditEvents.action, 'session.refuse'))
    expect(after - before).toBe(10)
    expect((await attempt({ email: person.email, password })).status).toBe(429)
  })

  it('looks at no more than a hundred wrong passwords from one address, of however many accounts', async () => {
    const spray = (index: number, address: string) =>
      attempt(
        { email: `person-${index}@hospital.example`, password: 'correct horse battery' },
        { [CLIENT_ADDRESS_HEADER]: address },
      )
    const inOneNetwork = (index: number) => `2001:db8:7:7:${index.toString(16)}::1`
    expect((await spray(0, inOneNetwork(0))).status).toBe(401)
    await test.service.db.update(signInAttempts).set({ count: 90 })
    const responses = await Promise.all(
      Array.from({ length: 20 }, (_, index) => spray(index + 1, inOneNetwork(index + 1))),
    )
    const statuses = responses.map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
    expect(statuses.filter((status) => status === 429)).toHaveLength(10)
    expect((await spray(99, '2001:db8:7:8::1')).status).toBe(401)
  })

  it('counts neither the right password nor a locked account for the address', async () => {
    const from = { [CLIENT_ADDRESS_HEADER]: '192.0.2.7' }
    for (let times = 0; times < 3; times += 1)
      expect((await attempt({ email: person.email, password }, from)).status).toBe(200)
    for (let times = 0; times < 8; times += 1)
      await attempt({ email: 'locked@hospital.example', password }, from)
    const counted = await test.service.db.select().from(signInAttempts)
    // Of the person: the account. Of the locked one: the account, and the account from here. Then the address.
    expect(counted.map(({ count }) => count).sort((a, b) => a - b)).toEqual([0, 5, 5, 5])
  })

  it('refuses a page of another site, and fields that no client may set', async () => {
    expect((await attempt({ email: person.email, password }, { origin: 'https://evil.test' })).status).toBe(
      403,
    )
    expect((await attempt({ email: person.email, password, role: 'administrator' })).status).toBe(400)
  })

  it('writes the opening and the closing of a session into the audit log', async () => {
    const cookie = await signedIn()
    const origin = TEST_BASE_URL
    const request = new Request(`${TEST_BASE_URL}/api/auth/sign-out`, {
      method: 'POST',
      headers: { cookie, origin },
    })
    const response = await signOut(request)
    expect(response.status).toBe(204)
    expect(response.headers.getSetCookie()[0]).toMatch(/Max-Age=0/)
    expect((await whoIs(cookie)).status).toBe(401)
    const events = await test.service.db.select().from(auditEvents).where(eq(auditEvents.actorId, person.id))
    expect(events.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['session.open', 'session.close']),
    )
  })
})

describe('a session', () => {
  it('gets a new token at every sign-in', async () => {
    expect(await signedIn()).not.toBe(await signedIn())
  })
  it.each([
    ['15 minutes without use', () => age('updated_at', '15 minutes 1 second')],
    ['its end', () => age('expires_at', '1 second')],
  ])('ends after %s', async (_what, pass) => {
    const cookie = await signedIn()
    expect((await whoIs(cookie)).status).toBe(200)
    await pass()
    expect((await whoIs(cookie)).status).toBe(401)
  })
  it('lasts while it is used, but no longer than twelve hours', async () => {
    const cookie = await signedIn()
    await age('updated_at', '14 minutes')
    expect((await whoIs(cookie)).status).toBe(200)
    const [session] = await test.service.db
      .select()
      .from(sessions)
      .where(sql`updated_at > now() - interval '1 minute'`)
    expect(session).toBeDefined()
    const hours = ((session?.expiresAt.getTime() ?? 0) - (session?.createdAt.getTime() ?? 0)) / 3_600_000
    expect(hours).toBeCloseTo(12, 2)
  })
  it('takes a change of roles and being disabled at once', async () => {
    const cookie = await signedIn()
    await test.service.db.update(users).set({ roles: ['read-only'] })
    expect(await (await whoIs(cookie)).json()).toMatchObject({ actor: { roles: ['read-only'] } })
    await test.service.db.update(users).set({ disabledAt: new Date(), roles: ['reviewer'] })
    expect((await whoIs(cookie)).status).toBe(401)
    expect((await attempt({ email: person.email, password })).status).toBe(401)
    await test.service.db.update(users).set({ disabledAt: null })
  })
  it('is not opened by a changed, cut or unsigned cookie', async () => {
    const cookie = await signedIn()
    const token = decodeURIComponent(cookie.split('=')[1] ?? '').split('.')[0]
    const name = cookie.split('=')[0]
    for (const wrong of [
      `${cookie}x`,
      cookie.slice(0, -4),
      `${name}=${token}`,
      `${name}=${token}.`,
      `${name}=%zz`,
      'x=1',
      ';;=',
    ])
      expect((await whoIs(wrong)).status).toBe(401)
  })
  it('changes something only for our own pages', async () => {
    const cookie = await signedIn()
    const make = (headers: Record<string, string>) =>
      createKey(
        new Request(`${TEST_BASE_URL}/api/api-keys`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', cookie, ...headers },
          body: JSON.stringify({ name: 'k', roles: ['reviewer'] }),
        }),
      )
    for (const headers of [
      {},
      { origin: 'null' },
      { origin: 'https://evil.test' },
      { origin: `${TEST_BASE_URL}.evil.test` },
      { 'sec-fetch-site': 'cross-site' },
    ])
      expect((await make(headers)).status).toBe(403)
    for (const headers of [
      { origin: TEST_BASE_URL },
      { origin: 'http://localhost:3999' },
      { 'sec-fetch-site': 'same-origin' },
    ])
      expect((await make(headers)).status).toBe(201)
  })
})
