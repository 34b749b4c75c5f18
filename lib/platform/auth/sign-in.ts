import { and, eq } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { accounts, sessions, users } from '#db/schema/auth.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import { recordRefusal } from '#lib/platform/audit/record-refusal.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { knownRoles, type Role } from '#lib/platform/permissions.ts'
import type { Service } from '#lib/platform/service/service.ts'
import { getBetterAuth, inNameOf } from './better-auth.ts'
import { countAttempt, forgetAttempts, takeBackAttempt } from './count-attempt.ts'
import type { User } from './create-user.ts'
import { findKnownDevice, knownDeviceSetCookie } from './known-device.ts'
import { type Device, noteSignIn, userActor } from './open-session.ts'
import { ownSignInLimits, sharedSignInLimits } from './sign-in-limits.ts'

export type SignedIn = {
  user: { id: string; email: string; name: string; roles: Role[] }
  /** `Set-Cookie` of the session, and of the device. */
  cookies: string[]
}

type Input = { email: string; password: string; device: Device; signal?: AbortSignal }

/**
 * Opens a session for the right password. The audit event follows the session's row in a transaction of its own:
 * the cookie leaves only when both are there, and a session whose cookie was never sent opens nothing.
 * An unknown address, a wrong password and a disabled person are answered alike and take equally long.
 */
export async function signIn(service: Service, context: Context, input: Input): Promise<SignedIn> {
  const { db, now } = context
  const { device } = input
  const found = await findAccount(db, input.email)
  const known = found && findKnownDevice(device.entries, found.account, service.settings)
  const attempt = { email: input.email, address: device.address, device: known ?? null }
  const [own, shared] = [ownSignInLimits(attempt), sharedSignInLimits(attempt)]
  await countAttempt(db, [...own, ...shared], now)
  const checked = await checkPassword(service, input).catch(async (error: unknown) => {
    // No place in the queue: the password was not looked at.
    if (error instanceof ServiceError) await takeBackAttempt(db, [...own, ...shared], now)
    throw error
  })
  const { token } = checked
  if (found === null || token === null || found.user.disabledAt !== null) {
    if (token !== null) await db.delete(sessions).where(eq(sessions.token, token))
    return await refuse(context, found?.user.id ?? null)
  }
  await forgetAttempts(db, own)
  await takeBackAttempt(db, shared, now)
  const { user, account } = found
  await db.transaction((tx) =>
    noteSignIn(tx, { ...context, actor: userActor(user) }, { userId: user.id, token, device }),
  )
  const { id, email, name } = user
  return {
    user: { id, email, name, roles: knownRoles(user.roles) },
    cookies: [...checked.cookies, knownDeviceSetCookie(device.entries, account, service.settings)],
  }
}

type Found = { user: User; account: { userId: string; passwordHash: string } }

async function findAccount(db: Database, email: string): Promise<Found | null> {
  const [row] = await db
    .select({ user: users, passwordHash: accounts.password })
    .from(users)
    .leftJoin(accounts, and(eq(accounts.userId, users.id), eq(accounts.providerId, 'credential')))
    .where(eq(users.email, email))
  if (row === undefined) return null
  return { user: row.user, account: { userId: row.user.id, passwordHash: row.passwordHash ?? '' } }
}

/** The new session of the right password; its token is null for a wrong one. */
async function checkPassword(
  service: Service,
  { email, password, device, signal }: Input,
): Promise<{ token: string | null; cookies: string[] }> {
  const response = await inNameOf({ signal, address: device.address }, () =>
    getBetterAuth(service).api.signInEmail({ body: { email, password }, asResponse: true }),
  )
  if (response.status >= 500) throw new ServiceError('UNAVAILABLE', 'Sign-in is unavailable: try again soon.')
  if (!response.ok) return { token: null, cookies: [] }
  return { token: sessionTokenOf(await response.json()), cookies: response.headers.getSetCookie() }
}

/** Of one account few tries are looked at, each an event; accounts that are none there are without end. */
async function refuse(context: Context, userId: string | null): Promise<never> {
  const entry = { action: 'session.refuse', objectType: 'user' } as const
  if (userId === null)
    await recordRefusal(context, { ...entry, objectId: 'unknown', reason: 'UNKNOWN_ACCOUNT' })
  else await context.db.transaction((tx) => recordAuditEvent(tx, context, { ...entry, objectId: userId }))
  throw new ServiceError('UNAUTHENTICATED', 'The e-mail address or password is wrong.', {
    code: 'WRONG_CREDENTIALS',
  })
}

function sessionTokenOf(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('token' in body)) return null
  return typeof body.token === 'string' ? body.token : null
}
