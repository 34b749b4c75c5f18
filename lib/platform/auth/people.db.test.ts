import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  POST as create,
  GET as getToken,
  POST as invite,
  GET as list,
  GET as listSessions,
  POST as redeemToken,
  DELETE as remove,
  POST as resetPassword,
  POST as signIn,
  PATCH as update,
} from '#app/api/[...path]/route.ts'
import { auditEvents } from '#db/schema/audit.ts'
import { accounts, oneTimeLinks, sessions, signInAttempts, users } from '#db/schema/auth.ts'
import { verifyAuditChain } from '#lib/platform/audit/verify-chain.ts'
import { taskActor } from '#lib/platform/context.ts'
import type { Role } from '#lib/platform/permissions.ts'
import { openTestService, TEST_BASE_URL, type TestService } from '#tests/support/test-service.ts'
import { announceSetupLink } from './announce-setup-link.ts'
import { createApiKey } from './create-api-key.ts'
import { createUser } from './create-user.ts'

let test: TestService
let key: string
const password = 'correct horse battery'
const asTask = () => ({ db: test.service.db, actor: taskActor('test'), now: new Date(), requestId: 'r' })
beforeAll(async () => {
  test = await openTestService()
  key = (await createApiKey(asTask(), { name: 'admin', roles: ['administrator'] })).key
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.service.db.delete(users)
  await test.service.db.delete(signInAttempts)
  await test.service.db.delete(oneTimeLinks)
})

type Handler = (request: Request) => Promise<Response>
async function call(
  handler: Handler,
  address: string,
  options: { method?: string; body?: object; cookie?: string } = {},
) {
  const { method = options.body === undefined ? 'GET' : 'POST', body, cookie } = options
  const who: Record<string, string> =
    cookie === undefined ? { authorization: `Bearer ${key}` } : { cookie, origin: TEST_BASE_URL }
  const response = await handler(
    new Request(`${TEST_BASE_URL}${address}`, {
      method,
      headers: { 'content-type': 'application/json', ...who },
      body: body === undefined ? null : JSON.stringify(body),
    }),
  )
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : JSON.parse(text), response }
}
const person = (email: string, roles: Role[]) => createUser(asTask(), { email, name: email, password, roles })
const redeem = (body: object) => call(redeemToken, '/api/auth/redeem-token', { body })
const change = (id: string, body: object, cookie?: string) =>
  call(update, `/api/users/${id}`, { method: 'PATCH', body, ...(cookie === undefined ? {} : { cookie }) })
const tokenOf = (url: string) => new URL(url).searchParams.get('token') ?? ''
const cookieOf = (response: Response) => response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
const signedIn = async (email: string) =>
  cookieOf((await call(signIn, '/api/auth/sign-in/email', { body: { email, password } })).response)
const isOpen = async (cookie: string) =>
  (await call(listSessions, '/api/sessions', { cookie })).status === 200
async function invited() {
  const { body } = await call(create, '/api/users', { body: { email: 'eve@h.example', roles: ['reviewer'] } })
  return { id: body.id as string, token: tokenOf(body.invitation.url), invitation: body.invitation }
}
const codeOf = (answer: { status: number; body: { error: { code: string } } }) => [
  answer.status,
  answer.body.error.code,
]

describe('an invitation', () => {
  it('is a link for one person and a week, stored as a hash', async () => {
    const { id, token, invitation } = await invited()
    expect(invitation.url).toBe(`${TEST_BASE_URL}/accept-invitation?token=${token}`)
    const days = (Date.parse(invitation.expiresAt) - Date.now()) / 86_400_000
    expect(days).toBeCloseTo(7, 2)
    const stored = JSON.stringify([
      await test.service.db.select().from(oneTimeLinks),
      await test.service.db.select().from(auditEvents),
    ])
    expect(stored).not.toContain(token)
    const { body } = await call(list, '/api/users')
    expect(body.items).toMatchObject([{ id, name: 'eve', status: 'invited', lastSignInAt: null }])
    const greeting = await call(getToken, `/api/auth/token?token=${token}&purpose=invitation`)
    expect(greeting.body).toMatchObject({ email: 'eve@h.example', purpose: 'invitation' })
  })
  it('lets one of 50 who use it at once choose the password, and signs that one in', async () => {
    const { id, token } = await invited()
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        redeem({ token, purpose: 'invitation', password: `password no ${index}`, name: 'Eve' }),
      ),
    )
    const winners = answers.filter(({ status }) => status === 200)
    expect(winners).toHaveLength(1)
    expect(answers.every(({ status }) => [200, 404, 429].includes(status))).toBe(true)
    expect(await test.service.db.$count(accounts, eq(accounts.userId, id))).toBe(1)
    expect(await test.service.db.$count(sessions, eq(sessions.userId, id))).toBe(1)
    const [winner] = winners
    expect(winner?.body.user).toEqual({ id, email: 'eve@h.example', name: 'Eve', roles: ['reviewer'] })
    expect(winner?.response.headers.getSetCookie()[0]).toMatch(/; HttpOnly; SameSite=Lax$/)
    expect(await isOpen(cookieOf(winner?.response ?? new Response()))).toBe(true)
    const [row] = (await call(list, '/api/users')).body.items
    expect([row.status, Date.now() - Date.parse(row.lastSignInAt) < 60_000]).toEqual(['active', true])
  })
  it('is good for nothing else, and no longer than it says', async () => {
    const { token } = await invited()
    expect(codeOf(await redeem({ token, purpose: 'password-reset', password }))).toEqual([
      404,
      'LINK_UNKNOWN',
    ])
    const setup = { token, purpose: 'setup', password, email: 'x@h.example' }
    expect(codeOf(await redeem(setup))).toEqual([404, 'LINK_UNKNOWN'])
    await test.service.db.update(oneTimeLinks).set({ expiresAt: new Date() })
    expect(codeOf(await redeem({ token, purpose: 'invitation', password }))).toEqual([410, 'LINK_EXPIRED'])
    const asked = await call(getToken, `/api/auth/token?token=${token}&purpose=invitation`)
    expect(codeOf(asked)).toEqual([410, 'LINK_EXPIRED'])
  })
  it('ends when it is renewed, and cannot be renewed once used', async () => {
    const { id, token } = await invited()
    const renewed = await call(invite, `/api/users/${id}/invitation`, { method: 'POST' })
    expect(codeOf(await redeem({ token, purpose: 'invitation', password }))).toEqual([404, 'LINK_UNKNOWN'])
    const next = { token: tokenOf(renewed.body.url), purpose: 'invitation', password }
    expect((await redeem(next)).status).toBe(200)
    const again = await call(invite, `/api/users/${id}/invitation`, { method: 'POST' })
    expect(codeOf(again)).toEqual([409, 'NOT_INVITED'])
  })
  it.each([
    ['too short', 'short', 'PASSWORD_TOO_SHORT'],
    ['the e-mail address', 'EVE@h.example', 'PASSWORD_IS_EMAIL'],
    ['one sign repeated', 'aaaaaaaaaaaaaaaa', 'PASSWORD_TOO_SIMPLE'],
  ])('refuses a password that is %s, naming the field, and stays open', async (_what, bad, code) => {
    const { token } = await invited()
    const refused = await redeem({ token, purpose: 'invitation', password: bad })
    expect(codeOf(refused)).toEqual([422, code])
    expect(refused.body.error.details.faults).toMatchObject([{ path: 'password' }])
    expect((await redeem({ token, purpose: 'invitation', password })).status).toBe(200)
  })
  it('is hashed for ten times at most', async () => {
    const { token } = await invited()
    await test.service.db.execute(sql`insert into sign_in_attempts (subject_sha256, window_started_at, count)
      select sha256(convert_to('link ' || ${token}, 'UTF8')), w, 10 from (values
      (to_timestamp(floor(extract(epoch from now()) / 900) * 900))) as t(w)`)
    expect((await redeem({ token, purpose: 'invitation', password })).status).toBe(429)
  })
})

describe('a password reset', () => {
  it('gives a new password, ends every session and is used once', async () => {
    const { id, email } = await person('bob@h.example', ['physician'])
    const old = await signedIn(email)
    const { body } = await call(resetPassword, `/api/users/${id}/password-reset`, { method: 'POST' })
    expect(body.url).toContain(`${TEST_BASE_URL}/reset-password?token=`)
    expect((Date.parse(body.expiresAt) - Date.now()) / 60_000).toBeCloseTo(60, 0)
    expect(await isOpen(old)).toBe(true)
    const use = { token: tokenOf(body.url), purpose: 'password-reset', password: 'another long one' }
    expect((await redeem(use)).status).toBe(200)
    expect(await isOpen(old)).toBe(false)
    expect(await signedIn(email)).toBe('')
    expect(codeOf(await redeem(use))).toEqual([404, 'LINK_UNKNOWN'])
  })
  it('is not for an invited or disabled user', async () => {
    const { id } = await invited()
    const reset = () => call(resetPassword, `/api/users/${id}/password-reset`, { method: 'POST' })
    expect(codeOf(await reset())).toEqual([409, 'STILL_INVITED'])
    await change(id, { disabled: true })
    expect(codeOf(await reset())).toEqual([409, 'USER_DISABLED'])
  })
})

describe('a person', () => {
  it('loses their sessions with other roles, not with another name', async () => {
    const { id, email } = await person('cat@h.example', ['reviewer'])
    const cookie = await signedIn(email)
    expect((await change(id, { name: 'Cat' })).body).toMatchObject({ name: 'Cat', status: 'active' })
    expect((await change(id, { roles: ['reviewer'] })).status).toBe(200)
    expect(await isOpen(cookie)).toBe(true)
    expect((await change(id, { roles: ['physician'] })).body.roles).toEqual(['physician'])
    expect(await isOpen(cookie)).toBe(false)
    const events = await test.service.db.select().from(auditEvents).where(eq(auditEvents.objectId, id))
    expect(events.filter(({ action }) => action === 'user.update')).toMatchObject([
      { before: { name: 'cat@h.example' }, after: { name: 'Cat' } },
      { before: { roles: ['reviewer'] }, after: { roles: ['physician'] } },
    ])
  })
  it('who is disabled loses sessions and links, and can be enabled again', async () => {
    const { id, email } = await person('dan@h.example', ['reviewer'])
    const cookie = await signedIn(email)
    const { body } = await call(resetPassword, `/api/users/${id}/password-reset`, { method: 'POST' })
    expect((await change(id, { disabled: true })).body.status).toBe('disabled')
    expect([await isOpen(cookie), await signedIn(email)]).toEqual([false, ''])
    const use = { token: tokenOf(body.url), purpose: 'password-reset', password }
    expect((await redeem(use)).status).toBe(404)
    expect((await change(id, { disabled: false })).body.status).toBe('active')
    expect(await isOpen(cookie)).toBe(false)
    expect(await isOpen(await signedIn(email))).toBe(true)
  })
  it('who is removed is gone, but not from the audit log', async () => {
    const { id, email } = await person('fay@h.example', ['reviewer'])
    const cookie = await signedIn(email)
    expect((await call(remove, `/api/users/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect([await isOpen(cookie), (await call(list, '/api/users')).body.items]).toEqual([false, []])
    const events = await test.service.db.select().from(auditEvents).where(eq(auditEvents.objectId, id))
    expect(events.map(({ action }) => action)).toEqual(['user.create', 'session.open', 'user.delete'])
    expect(await verifyAuditChain(test.service.db)).toMatchObject({ ok: true })
    expect((await call(remove, `/api/users/${id}`, { method: 'DELETE' })).status).toBe(404)
  })
  it('is not changed by nothing, by unknown fields or by unknown roles', async () => {
    const { id } = await person('gus@h.example', ['reviewer'])
    for (const body of [{}, { email: 'x@h.example' }, { roles: [] }, { roles: ['root'] }, { name: ' ' }])
      expect((await change(id, body)).status).toBe(400)
  })
})

describe('the last administrator', () => {
  it('cannot be demoted, disabled or removed; an invited user is no other', async () => {
    const { id } = await person('ada@h.example', ['administrator'])
    await call(create, '/api/users', { body: { email: 'new@h.example', roles: ['administrator'] } })
    expect(codeOf(await change(id, { roles: ['reviewer'] }))).toEqual([409, 'LAST_ADMINISTRATOR'])
    expect(codeOf(await change(id, { disabled: true }))).toEqual([409, 'LAST_ADMINISTRATOR'])
    const removed = await call(remove, `/api/users/${id}`, { method: 'DELETE' })
    expect(codeOf(removed)).toEqual([409, 'LAST_ADMINISTRATOR'])
    expect((await change(id, { roles: ['administrator', 'ml-lead'] })).status).toBe(200)
  })
  it('is left where two are demoted at once', async () => {
    const two = await Promise.all(['a@h.example', 'b@h.example'].map((e) => person(e, ['administrator'])))
    const answers = await Promise.all(two.map(({ id }) => change(id, { roles: ['reviewer'] })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })
  it('and any other does not disable or remove themselves', async () => {
    const { id, email } = await person('ada@h.example', ['administrator'])
    await person('bea@h.example', ['administrator'])
    const cookie = await signedIn(email)
    expect(codeOf(await change(id, { disabled: true }, cookie))).toEqual([409, 'OWN_ACCOUNT'])
    const removed = await call(remove, `/api/users/${id}`, { method: 'DELETE', cookie })
    expect(codeOf(removed)).toEqual([409, 'OWN_ACCOUNT'])
  })
})

describe('the first administrator', () => {
  async function announced(): Promise<string[]> {
    const said: string[] = []
    await announceSetupLink(test.service, (line) => said.push(line))
    return said
  }
  const tokenIn = (lines: string[]) => tokenOf(/http\S+\/setup\?token=\S+/.exec(lines[0] ?? '')?.[0] ?? '')
  const setup = (token: string, email: string) => redeem({ token, purpose: 'setup', email, password })

  it('is made by the link of a start, by one of several links that are used at once', async () => {
    const tokens: string[] = []
    while (tokens.length < 6) tokens.push(tokenIn(await announced()))
    const answers = await Promise.all(tokens.map((token, index) => setup(token, `first${index}@h.example`)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404, 404, 404])
    const { body } = await call(list, '/api/users')
    expect(body.items).toMatchObject([{ roles: ['administrator'], status: 'active' }])
    expect(await announced()).toEqual([])
    expect(await test.service.db.$count(oneTimeLinks)).toBe(0)
  })
  it('is not announced by a demo', async () => {
    const demo = { ...test.service, settings: { ...test.service.settings, demo: 'on' as const } }
    const said: string[] = []
    await announceSetupLink(demo, (line) => said.push(line))
    expect(said).toEqual([])
  })
})
