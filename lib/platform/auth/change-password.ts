import { and, eq, ne } from 'drizzle-orm'
import { accounts, sessions } from '#db/schema/auth.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { countAttempt, forgetAttempts, uncountedIfBusy } from './count-attempt.ts'
import { type HashingCaller, hashPassword, verifyPassword } from './hash-password.ts'
import { requireGoodPassword, unacceptable } from './password-rules.ts'
import { replacePassword } from './replace-password.ts'
import { requirePerson } from './require-person.ts'
import { passwordChangeLimit } from './sign-in-limits.ts'

/**
 * A person's own change, proved by the present password; ends their other sessions. Its tries have a count of their
 * own: strangers who try to sign in do not keep a person from it. Returns whom a device may know from now on.
 */
export async function changePassword(
  context: Context,
  input: { currentPassword: string; newPassword: string },
  from: { token: string | null; caller?: HashingCaller },
): Promise<{ userId: string; passwordHash: string }> {
  const { db, now } = context
  const { userId, email } = requirePerson(context.actor)
  requireGoodPassword(input.newPassword, { email, field: 'newPassword' })
  const limits = [passwordChangeLimit(userId)]
  await countAttempt(db, limits, now)
  const account = and(eq(accounts.userId, userId), eq(accounts.providerId, 'credential'))
  const [known] = await db.select({ hash: accounts.password }).from(accounts).where(account)
  const given = { hash: known?.hash ?? '', password: input.currentPassword }
  const counted = { limits, now }
  if (!(await uncountedIfBusy(db, counted, () => verifyPassword(given, from.caller))))
    throw unacceptable('WRONG_PASSWORD', 'is not your password', 'currentPassword')
  if (input.newPassword === input.currentPassword)
    throw unacceptable('PASSWORD_UNCHANGED', 'is the one you have', 'newPassword')
  const passwordHash = await uncountedIfBusy(db, counted, () => hashPassword(input.newPassword, from.caller))
  await db.transaction(async (tx) => {
    await replacePassword(tx, { userId, passwordHash, now })
    await tx.delete(sessions).where(and(eq(sessions.userId, userId), ne(sessions.token, from.token ?? '')))
    const event = { action: 'user.replace-password', objectType: 'user', objectId: userId } as const
    await recordAuditEvent(tx, context, event)
  })
  await forgetAttempts(db, limits)
  return { userId, passwordHash }
}
