import { eq } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { oneTimeLinks, sessions, users } from '#db/schema/auth.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import type { Settings } from '#lib/platform/env/env.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { countAttempt, forgetAttempts, uncountedIfBusy } from './count-attempt.ts'
import { insertUser, type User } from './create-user.ts'
import { getUserToChange } from './find-user.ts'
import { hashPassword } from './hash-password.ts'
import { knownDeviceSetCookie } from './known-device.ts'
import { hasAdministrator } from './last-administrator.ts'
import { getLink, takeLink } from './one-time-link.ts'
import { type Device, openSession, userActor } from './open-session.ts'
import { requireGoodPassword } from './password-rules.ts'
import { replacePassword } from './replace-password.ts'
import { accountLimit, linkLimit } from './sign-in-limits.ts'

export type Redemption = { token: string; password: string } & (
  | { purpose: 'setup'; email: string; name?: string | undefined }
  | { purpose: 'invitation'; name?: string | undefined }
  | { purpose: 'password-reset' }
)

/** Uses a one-time link: the password is set, the link is spent and its person signed in, all or nothing. */
export async function redeemLink(
  context: Context,
  input: Redemption,
  { device, settings, signal }: { device: Device; settings: Settings; signal?: AbortSignal },
): Promise<{ user: User; cookies: string[] }> {
  const { db, now } = context
  const link = await getLink(db, { ...input, now })
  const email = input.purpose === 'setup' ? input.email : (link.email ?? '')
  requireGoodPassword(input.password, { email, field: 'password' })
  const limits = [linkLimit(input.token)]
  await countAttempt(db, limits, now)
  const passwordHash = await uncountedIfBusy(db, { limits, now }, () =>
    hashPassword(input.password, { signal, address: device.address }),
  )
  const redeemed = await db.transaction(async (tx) => {
    await waitForTurn(tx, link.userId)
    await takeLink(tx, { ...input, now })
    const user =
      input.purpose === 'setup'
        ? await makeFirstAdministrator(tx, context, { ...input, passwordHash })
        : await welcome(tx, context, { ...input, userId: link.userId ?? '', passwordHash })
    const session = await openSession(tx, context, { user, device, settings })
    const known = knownDeviceSetCookie(device.entries, { userId: user.id, passwordHash }, settings)
    return { user, cookies: [session, known] }
  })
  await forgetAttempts(db, [linkLimit(input.token), accountLimit(email)])
  return redeemed
}

/**
 * A link ends the others of its person, or of the first administrator: two who took their own first would then wait for
 * each other for ever.
 */
async function waitForTurn(tx: Database, userId: string | null): Promise<void> {
  if (userId !== null) await getUserToChange(tx, userId)
  else
    await tx
      .select({ tokenSha256: oneTimeLinks.tokenSha256 })
      .from(oneTimeLinks)
      .where(eq(oneTimeLinks.purpose, 'setup'))
      .orderBy(oneTimeLinks.tokenSha256)
      .for('update')
}

/** All setup links end with the first that is used: another one waits here, and then finds its own gone. */
async function makeFirstAdministrator(
  tx: Database,
  context: Context,
  input: { email: string; name?: string | undefined; passwordHash: string },
): Promise<User> {
  await tx.delete(oneTimeLinks).where(eq(oneTimeLinks.purpose, 'setup'))
  if (await hasAdministrator(tx))
    throw new ServiceError('CONFLICT', 'An administrator already exists: sign in.', { code: 'SETUP_DONE' })
  const name = input.name ?? nameFor(input.email)
  return insertUser(tx, context, { ...input, name, roles: ['administrator'] })
}

async function welcome(
  tx: Database,
  context: Context,
  input: { purpose: string; userId: string; name?: string | undefined; passwordHash: string },
): Promise<User> {
  const { userId, passwordHash } = input
  const user = await getUserToChange(tx, userId)
  const name = input.name ?? user.name
  await replacePassword(tx, { userId, passwordHash, now: context.now })
  await tx.delete(oneTimeLinks).where(eq(oneTimeLinks.userId, userId))
  await tx.delete(sessions).where(eq(sessions.userId, userId))
  if (name !== user.name)
    await tx.update(users).set({ name, updatedAt: context.now }).where(eq(users.id, userId))
  const action = input.purpose === 'invitation' ? 'user.accept-invitation' : 'user.replace-password'
  const self = { ...context, actor: userActor(user) }
  await recordAuditEvent(tx, self, { action, objectType: 'user', objectId: userId })
  return { ...user, name }
}

/** The default: what stands before the @. */
export function nameFor(email: string): string {
  return email.split('@')[0] ?? email
}
