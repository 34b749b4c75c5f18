import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  POST as changePassword,
  DELETE as endSession,
  DELETE as endSessions,
  GET as getSession,
  GET as listEvents,
  GET as listSessions,
  POST as signIn,
} from '#app/api/[...path]/route.ts'
import { sessions, signInAttempts, users } from '#db/schema/auth.ts'
import { taskActor } from '#lib/platform/context.ts'
import { openTestService, TEST_BASE_URL, type TestService } from '#tests/support/test-service.ts'
import { createApiKey } from './create-api-key.ts'
import { createUser } from './create-user.ts'
import { findPageActor } from './page-actor.ts'

let test: TestService
const password = 'correct horse battery'
const asTask = () => ({ db: test.service.db, actor: taskActor('test'), now: new Date(), requestId: 'r' })
beforeAll(async () => {
  test = await openTestService()
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.service.db.delete(users)
  await test.service.db.delete(signInAttempts)
  for (const name of ['ada', 'bob'])
    await createUser(asTask(), { email: `${name}@h.example`, name, password, roles: ['administrator'] })
})

async function call(
  handler: (request: Request) => Promise<Response>,
  address: string,
  options: { method?: string; body?: object; headers: Record<string, string> },
) {
  const { method = 'GET', body, headers } = options
  const response = await handler(
    new Request(`${TEST_BASE_URL}${address}`, {
      method,
      headers: { 'content-type': 'application/json', origin: TEST_BASE_URL, ...headers },
      body: body === undefined ? null : JSON.stringify(body),
    }),
  )
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : JSON.parse(text), response }
}
async function signedIn(name = 'ada', given = password): Promise<{ cookie: string }> {
  const body = { email: `${name}@h.example`, password: given }
  const headers = { 'user-agent': `Browser of ${name}` }
  const { response } = await call(signIn, '/api/auth/sign-in/email', { method: 'POST', body, headers })
  return { cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
}
const own = async (headers: { cookie: string }) => call(listSessions, '/api/sessions', { headers })
const isOpen = async (headers: { cookie: string }) => (await own(headers)).status === 200
const change = (headers: Record<string, string>, currentPassword: string, newPassword: string) =>
  call(changePassword, '/api/auth/change-password', {
    method: 'POST',
    body: { currentPassword, newPassword },
    headers,
  })

describe('the list of sessions', () => {
  it('shows one’s own, which is the present one, and no token', async () => {
    const [first, second] = [await signedIn(), await signedIn()]
    await signedIn('bob')
    const { body } = await own(second)
    expect(body.items).toMatchObject([
      { current: true, userAgent: 'Browser of ada' },
      { current: false, userAgent: 'Browser of ada' },
    ])
    const tokens = (await test.service.db.select().from(sessions)).map(({ token }) => token)
    for (const token of tokens) expect(JSON.stringify(body)).not.toContain(token)
    expect((await own(first)).body.items[1].current).toBe(true)
  })
  it('ends one, but no other user’s', async () => {
    const [first, second, other] = [await signedIn(), await signedIn(), await signedIn('bob')]
    const end = (id: string) => call(endSession, `/api/sessions/${id}`, { method: 'DELETE', headers: second })
    const foreign = (await own(other)).body.items[0].id
    expect((await end(foreign)).status).toBe(404)
    expect((await end((await own(second)).body.items[1].id)).status).toBe(204)
    expect([await isOpen(first), await isOpen(second), await isOpen(other)]).toEqual([false, true, true])
  })
  it('ends all others, or all', async () => {
    const [first, second, other] = [await signedIn(), await signedIn(), await signedIn('bob')]
    const endAll = (query: string) =>
      call(endSessions, `/api/sessions${query}`, { method: 'DELETE', headers: second })
    expect((await endAll('')).status).toBe(204)
    expect([await isOpen(first), await isOpen(second)]).toEqual([false, true])
    expect((await endAll('?includeCurrent=true')).status).toBe(204)
    expect([await isOpen(second), await isOpen(other)]).toEqual([false, true])
  })
  it('is no business of an API key', async () => {
    const { key } = await createApiKey(asTask(), { name: 'k', roles: ['administrator'] })
    const headers = { authorization: `Bearer ${key}` }
    expect((await call(listSessions, '/api/sessions', { headers })).body.error.code).toBe('SESSION_NEEDED')
    expect((await change(headers, password, 'another long one')).body.error.code).toBe('SESSION_NEEDED')
  })
})

describe('changing one’s password', () => {
  it('ends the other sessions, and the old password', async () => {
    const [first, second] = [await signedIn(), await signedIn()]
    expect((await change(second, password, 'another long one')).status).toBe(204)
    expect([await isOpen(first), await isOpen(second)]).toEqual([false, true])
    expect([(await signedIn()).cookie, await isOpen(await signedIn('ada', 'another long one'))]).toEqual([
      '',
      true,
    ])
  })
  it.each([
    ['currentPassword', 'WRONG_PASSWORD', 'not my password', 'another long one'],
    ['newPassword', 'PASSWORD_TOO_SHORT', password, 'short'],
    ['newPassword', 'PASSWORD_IS_EMAIL', password, 'Ada@H.example'],
    ['newPassword', 'PASSWORD_UNCHANGED', password, password],
  ])('names the field %s of a fault %s', async (field, code, current, next) => {
    const session = await signedIn()
    const { status, body } = await change(session, current, next)
    expect([status, body.error.code]).toEqual([422, code])
    expect(body.error.details.faults).toMatchObject([{ path: field }])
    expect(await isOpen(session)).toBe(true)
  })
  it('does not let a stolen session guess the password', async () => {
    const session = await signedIn()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => change(session, `guess number ${index}`, 'another long one')),
    )
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10)
  })
})

describe('a user who looks at a page', () => {
  it('asks the database nothing more once they have left', async () => {
    const { cookie } = await signedIn()
    const leaving = new AbortController()
    const page = await findPageActor(test.service, cookie, { signal: leaving.signal })
    const ask = async () => (await page?.context.db.execute(sql`select 1 as one`))?.rows
    expect(await ask()).toEqual([{ one: 1 }])
    leaving.abort()
    await expect(ask()).rejects.toBe(leaving.signal.reason)
    expect(page?.context.signal?.aborted).toBe(true)
  })
  it('is found by the cookie with name, roles and permissions', async () => {
    const { cookie } = await signedIn()
    const actor = await findPageActor(test.service, cookie)
    expect(actor).toMatchObject({ user: { email: 'ada@h.example', name: 'ada' }, roles: ['administrator'] })
    expect(actor?.permissions).toContain('user:manage')
    expect(actor?.context.actor.type).toBe('user')
    expect(await findPageActor(test.service, null)).toBeNull()
    const session = await call(getSession, '/api/auth/get-session', { headers: { cookie } })
    expect(session.body.user).toEqual({ ...actor?.user, roles: ['administrator'] })
  })
  it('keeps the session alive by looking, a page that renews itself does not', async () => {
    const { cookie } = await signedIn()
    const minutesAgo = async (minutes: number) => {
      await test.service.db.update(sessions).set({ updatedAt: new Date(Date.now() - minutes * 60_000) })
    }
    const usedAt = async () => (await test.service.db.select().from(sessions))[0]?.updatedAt.getTime() ?? 0
    await minutesAgo(10)
    await findPageActor(test.service, cookie, { countAsUse: false })
    expect(Date.now() - (await usedAt())).toBeGreaterThan(9 * 60_000)
    await findPageActor(test.service, cookie)
    expect(Date.now() - (await usedAt())).toBeLessThan(60_000)
    await minutesAgo(16)
    expect(await findPageActor(test.service, cookie)).toBeNull()
  })
})

describe('the audit log', () => {
  it('is filtered by a person’s address, an action and an object, and refuses what there is not', async () => {
    const headers = await signedIn()
    const find = (query: string) => call(listEvents, `/api/audit-events?${query}`, { headers })
    const found = await find('actor=ada@h.example&action=session.open&objectType=user')
    expect(found.body.items.length).toBeGreaterThan(0)
    for (const { actor, action } of found.body.items)
      expect([actor.name, action]).toEqual(['ada@h.example', 'session.open'])
    const [ada] = await test.service.db.select().from(users).where(eq(users.email, 'ada@h.example'))
    const about = await find(`object=${ada?.id}`)
    expect(about.body.items.map(({ action }: { action: string }) => action)).toEqual([
      'session.open',
      'user.create',
    ])
    for (const wrong of ['action=user.explode', 'objectType=x', 'from=yesterday', 'subject=x', 'cursor=x'])
      expect((await find(wrong)).status).toBe(400)
  })
})
