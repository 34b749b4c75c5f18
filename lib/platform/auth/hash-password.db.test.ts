import { createHook } from 'node:async_hooks'
import { hashPassword as hashElsewhere, verifyPassword as verifyElsewhere } from 'better-auth/crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { POST as signIn } from '#app/api/[...path]/route.ts'
import { signInAttempts } from '#db/schema/auth.ts'
import { taskActor } from '#lib/platform/context.ts'
import { CLIENT_ADDRESS_HEADER } from '#lib/platform/http/client-address.ts'
import { openTestService, TEST_BASE_URL, type TestService } from '#tests/support/test-service.ts'
import { changePassword } from './change-password.ts'
import { createUser } from './create-user.ts'
import { HASHING_LIMITS, hashingQueue, hashPassword, verifyPassword } from './hash-password.ts'

let test: TestService
beforeAll(async () => {
  test = await openTestService()
})
afterAll(() => test.close())

/** Hashes that this process gave to the threads that all work on files needs. */
let inFileThreads = 0
const hook = createHook({
  init: (_id, type) => {
    if (type === 'SCRYPTREQUEST') inFileThreads += 1
  },
})
beforeEach(async () => {
  await test.service.db.delete(signInAttempts)
  inFileThreads = 0
  hook.enable()
})
afterEach(() => void hook.disable())

function attempt(index: number, options: { address?: string; signal?: AbortSignal } = {}): Promise<Response> {
  const { address = `192.0.2.${index}`, signal } = options
  return signIn(
    new Request(`${TEST_BASE_URL}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [CLIENT_ADDRESS_HEADER]: address },
      body: JSON.stringify({
        email: `stranger-${index}@hospital.example`,
        password: 'correct horse battery',
      }),
      ...(signal === undefined ? {} : { signal }),
    }),
  )
}

/** Keeps the one who hashes busy until `end`: all who come meanwhile must wait or are refused. */
function holdHashing(): { end: () => void } {
  const held = Promise.withResolvers<void>()
  onTestFinished(() => held.resolve())
  void hashingQueue().run(() => held.promise)
  return { end: held.resolve }
}

/** All sign in at once. Resolves with the refused, once there are so many, and with those who wait as a promise. */
async function crowd(
  calls: Promise<Response>[],
  refused: number,
): Promise<{ refused: Response[]; rest: Promise<Response[]> }> {
  const early: Response[] = []
  await new Promise<void>((resolve) => {
    for (const call of calls)
      void call.then((response) => {
        if (response.status === 401) return
        early.push(response)
        if (early.length === refused) resolve()
      })
  })
  const rest = Promise.all(calls).then((all) => all.filter((response) => !early.includes(response)))
  return { refused: early, rest }
}
const statusesOf = (responses: Response[]) => [...new Set(responses.map(({ status }) => status))]

describe('a crowd that signs in', () => {
  it('is refused beyond a short queue, and is told when to come back', async () => {
    const { waiting, retryAfterSeconds } = HASHING_LIMITS
    const { end } = holdHashing()
    const calls = Array.from({ length: 60 }, (_, index) => attempt(index))
    const { refused, rest } = await crowd(calls, 60 - waiting)
    end()
    expect(statusesOf(refused)).toEqual([503])
    expect(Number(refused[0]?.headers.get('retry-after'))).toBe(retryAfterSeconds)
    const evaluated = await rest
    expect([evaluated.length, statusesOf(evaluated)]).toEqual([waiting, [401]])
    const counted = await test.service.db.select().from(signInAttempts)
    // What found no place is no failure: neither of its account, nor of its address.
    expect(counted.filter((row) => row.count > 0)).toHaveLength(3 * waiting)
  })

  it('is hashed outside the threads that files need', async () => {
    const responses = await Promise.all(Array.from({ length: 10 }, (_, index) => attempt(index)))
    expect([statusesOf(responses), inFileThreads]).toEqual([[401], 0])
  })

  it('from one address leaves places to others', async () => {
    const { waitingPerCaller } = HASHING_LIMITS
    const { end } = holdHashing()
    const calls = Array.from({ length: 15 }, (_, index) => attempt(index, { address: '192.0.2.1' }))
    const { refused, rest } = await crowd(calls, 15 - waitingPerCaller)
    const other = attempt(99, { address: '192.0.2.99' })
    end()
    expect(statusesOf(refused)).toEqual([429])
    expect([(await other).status, statusesOf(await rest)]).toEqual([401, [401]])
  })

  it('does not use up the attempts of a person who changes the password', async () => {
    const { end } = holdHashing()
    const waiting = Array.from({ length: HASHING_LIMITS.waiting }, () => hashingQueue().run(async () => {}))
    const actor = { type: 'user', id: 'none', name: 'a@h.example', roles: [] } as const
    const context = { db: test.service.db, actor, now: new Date(), requestId: 'r' }
    const input = { currentPassword: 'correct horse battery', newPassword: 'another long one' }
    for (let index = 0; index < 12; index += 1)
      await expect(changePassword(context, input, { token: null })).rejects.toMatchObject({
        kind: 'UNAVAILABLE',
      })
    end()
    await Promise.all(waiting)
    await expect(changePassword(context, input, { token: null })).rejects.toMatchObject({
      code: 'WRONG_PASSWORD',
    })
  })

  it('gives up its places when it leaves', async () => {
    const { end } = holdHashing()
    const leaving = new AbortController()
    const calls = Array.from({ length: 15 }, (_, index) => attempt(index, { signal: leaving.signal }))
    leaving.abort()
    const left = await Promise.all(calls)
    end()
    expect(statusesOf(left)).toEqual([499])
    expect((await attempt(77)).status).toBe(401)
  })
})

describe('every hash', () => {
  it('is made outside the threads of files: of a new person, too', async () => {
    const context = { db: test.service.db, actor: taskActor('test'), now: new Date(), requestId: 'r' }
    await createUser(context, {
      email: 'eve@hospital.example',
      name: 'Eve',
      password: 'correct horse battery',
      roles: ['reviewer'],
    })
    expect(inFileThreads).toBe(0)
  })
  it('is one that better-auth knows, and the other way round', async () => {
    const password = 'Ｃorrect hörse ﬁve' // forms that NFKC makes one
    expect(await verifyElsewhere({ hash: await hashPassword(password), password })).toBe(true)
    const hash = await hashElsewhere(password)
    expect(await verifyPassword({ hash, password: password.normalize('NFKC') })).toBe(true)
    expect(await verifyPassword({ hash, password: 'another' })).toBe(false)
  })
  it.each(['', ':', 'salt', 'salt:', 'salt:00', 'salt:not hexadecimal'])(
    'that is none (%j) matches no password',
    async (hash) => expect(await verifyPassword({ hash, password: '' })).toBe(false),
  )
})
