import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { POST as changePassword, POST as redeemToken, POST as signIn } from '#app/api/[...path]/route.ts'
import { signInAttempts, users } from '#db/schema/auth.ts'
import { taskActor } from '#lib/platform/context.ts'
import { CLIENT_ADDRESS_HEADER } from '#lib/platform/http/client-address.ts'
import { openTestService, TEST_BASE_URL, type TestService } from '#tests/support/test-service.ts'
import { countAttempt } from './count-attempt.ts'
import { createUser } from './create-user.ts'
import { issuePasswordReset } from './issue-password-reset.ts'
import { MAX_ATTEMPTS_PER_ADDRESS, ownSignInLimits, sharedSignInLimits } from './sign-in-limits.ts'

let test: TestService
const password = 'correct horse battery'
const ADA = 'ada@hospital.example'
const asTask = () => ({ db: test.service.db, actor: taskActor('test'), now: new Date(), requestId: 'r' })
beforeAll(async () => {
  test = await openTestService()
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.service.db.delete(users)
  await test.service.db.delete(signInAttempts)
  for (const name of ['ada', 'bob'])
    await createUser(asTask(), { email: `${name}@hospital.example`, name, password, roles: ['reviewer'] })
})

type From = { address?: string; cookie?: string }
function post(
  handler: (request: Request) => Promise<Response>,
  address: string,
  body: object,
  from: From,
): Promise<Response> {
  const headers = new Headers({ 'content-type': 'application/json', origin: TEST_BASE_URL })
  if (from.address !== undefined) headers.set(CLIENT_ADDRESS_HEADER, from.address)
  if (from.cookie !== undefined) headers.set('cookie', from.cookie)
  return handler(
    new Request(`${TEST_BASE_URL}${address}`, { method: 'POST', headers, body: JSON.stringify(body) }),
  )
}
const attempt = (from: From, given = password, email = ADA) =>
  post(signIn, '/api/auth/sign-in/email', { email, password: given }, from)
const cookiesOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
/** The browser of a user who has signed in: its cookies, without the session where that has ended. */
async function browserOf(email: string, from: From = { address: '192.0.2.1' }) {
  const all = cookiesOf(await attempt(from, password, email))
  return { all, device: all.split('; ').at(-1) ?? '' }
}
/** Wrong passwords for ada from as many addresses as asked for; their statuses. */
async function stranger(times: number, addresses = 4): Promise<number[]> {
  const statuses: number[] = []
  for (let index = 0; index < times; index += 1) {
    const address = `198.51.100.${index % addresses}`
    statuses.push((await attempt({ address }, `wrong password ${index}`)).status)
  }
  return statuses
}
const count = (statuses: number[], wanted: number) => statuses.filter((status) => status === wanted).length

describe('strangers who try the passwords of a person', () => {
  it('have ten looked at in all, from however many addresses', async () => {
    const statuses = await stranger(12)
    expect([count(statuses, 401), count(statuses, 429)]).toEqual([10, 2])
  })

  it('have five looked at from one address, and leave the person a way in from another', async () => {
    const statuses = await stranger(8, 1)
    expect([count(statuses, 401), count(statuses, 429)]).toEqual([5, 3])
    expect((await attempt({ address: '192.0.2.1' })).status).toBe(200)
  })

  it('of one IPv6 network are one', async () => {
    const statuses: number[] = []
    for (let index = 0; index < 7; index += 1)
      statuses.push((await attempt({ address: `2001:db8:1:1::${index + 1}` }, 'a wrong password')).status)
    expect(count(statuses, 401)).toBe(5)
  })

  it('do not shut out the device on which the person has signed in before', async () => {
    const { device } = await browserOf(ADA)
    await stranger(12)
    expect((await attempt({ address: '192.0.2.1' })).status).toBe(429)
    expect((await attempt({ address: '203.0.113.9', cookie: device })).status).toBe(200)
  })

  it('do not keep a signed-in person from changing the password', async () => {
    const { all } = await browserOf(ADA)
    await stranger(12)
    const body = { currentPassword: password, newPassword: 'another long one' }
    const changed = await post(changePassword, '/api/auth/change-password', body, { cookie: all })
    expect(changed.status).toBe(204)
    const device = cookiesOf(changed)
    expect((await attempt({ cookie: device }, 'another long one')).status).toBe(200)
  })

  it('do not keep a person from using a link', async () => {
    await stranger(12)
    const [ada] = await test.service.db.select().from(users).orderBy(users.email)
    const { url } = await issuePasswordReset(asTask(), ada?.id ?? '', TEST_BASE_URL)
    const token = new URL(url).searchParams.get('token') ?? ''
    const body = { purpose: 'password-reset', token, password: 'another long one' }
    const redeemed = await post(redeemToken, '/api/auth/redeem-token', body, { address: '198.51.100.1' })
    expect(redeemed.status).toBe(200)
    expect((await attempt({ cookie: cookiesOf(redeemed) }, 'another long one')).status).toBe(200)
  })
})

describe('an address that tried too often', () => {
  it('adds no counts of accounts that it makes up', async () => {
    const now = new Date()
    const of = (email: string) => ({ email, address: '192.0.2.7', device: null })
    const ofAddress = sharedSignInLimits(of(ADA)).slice(1)
    for (let index = 0; index < MAX_ATTEMPTS_PER_ADDRESS; index += 1)
      await countAttempt(test.service.db, ofAddress, now)
    for (let index = 0; index < 3; index += 1) {
      const madeUp = of(`made-up-${index}@hospital.example`)
      const limits = [...ownSignInLimits(madeUp), ...sharedSignInLimits(madeUp)]
      await expect(countAttempt(test.service.db, limits, now)).rejects.toMatchObject({
        kind: 'TOO_MANY_REQUESTS',
        message: expect.stringContaining('from this address'),
      })
    }
    expect(await test.service.db.select().from(signInAttempts)).toHaveLength(1)
  })
})

describe('a device that a person has signed in on', () => {
  it('has ten tries of its own', async () => {
    const { device } = await browserOf(ADA)
    const statuses = await Promise.all(
      Array.from(
        { length: 15 },
        async (_, index) => (await attempt({ cookie: device }, `wrong ${index}`)).status,
      ),
    )
    expect([count(statuses, 401), count(statuses, 429)]).toEqual([10, 5])
    expect((await attempt({ address: '192.0.2.1' })).status).toBe(200)
  })

  it('is known to each of the people who share it, and to no other', async () => {
    const ada = await browserOf(ADA)
    const both = await browserOf('bob@hospital.example', { address: '192.0.2.1', cookie: ada.device })
    await stranger(12)
    expect((await attempt({ cookie: both.device })).status).toBe(200)
    const bob = await browserOf('bob@hospital.example', { address: '192.0.2.3' })
    expect((await attempt({ cookie: bob.device })).status).toBe(429)
  })

  it('is a stranger after the password was replaced elsewhere', async () => {
    const { device } = await browserOf(ADA)
    const { all } = await browserOf(ADA, { address: '192.0.2.2' })
    const body = { currentPassword: password, newPassword: 'another long one' }
    await post(changePassword, '/api/auth/change-password', body, { cookie: all })
    await stranger(12)
    expect((await attempt({ cookie: device }, 'another long one')).status).toBe(429)
  })

  it.each([
    ['changed', (value: string) => `${value.slice(0, -2)}xx`],
    ['cut', (value: string) => value.slice(0, -1)],
    ['empty', () => ''],
    ['of another account’s name', (value: string) => value.replace(/=.{16}/, '=AAAAAAAAAAAAAAAA')],
  ])('is not made up by a cookie that is %s', async (_what, change) => {
    const { device } = await browserOf(ADA)
    await stranger(12)
    expect((await attempt({ cookie: change(device) })).status).toBe(429)
  })
})
