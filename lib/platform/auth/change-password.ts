import { hashPassword, verifyPassword } from 'better-auth/crypto'
import { and, eq, ne } from 'drizzle-orm'
import { accounts, sessions } from '#db/schema/auth.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { countSignInAttempt, forgetSignInAttempts } from './count-sign-in-attempt.ts'
import { requireGoodPassword, unacceptable } from './password-rules.ts'
import { replacePassword } from './replace-password.ts'
import { requirePerson } from './require-person.ts'

/** A person's own change, proved by the present password; ends their other sessions. */
export async function changePassword(
  context: Context,
  input: { currentPassword: string; newPassword: string },
  from: { token: string | null; address: string | null },
): Promise<void> {
  const { db, now } = context
  const { userId, email } = requirePerson(context.actor)
  requireGoodPassword(input.newPassword, { email, field: 'newPassword' })
  await countSignInAttempt(db, { email, address: from.address }, now)
  const account = and(eq(accounts.userId, userId), eq(accounts.providerId, 'credential'))
  const [known] = await db.select({ hash: accounts.password }).from(accounts).where(account)
  const right = await verifyPassword({ hash: known?.hash ?? '', password: input.currentPassword })
  if (!right) throw unacceptable('WRONG_PASSWORD', 'is not your password', 'currentPassword')
  if (input.newPassword === input.currentPassword)
    throw unacceptable('PASSWORD_UNCHANGED', 'is the one you have', 'newPassword')
  const passwordHash = await hashPassword(input.newPassword)
  await db.transaction(async (tx) => {
    await replacePassword(tx, { userId, passwordHash, now })
    await tx.delete(sessions).where(and(eq(sessions.userId, userId), ne(sessions.token, from.token ?? '')))
    const event = { action: 'user.replace-password', objectType: 'user', objectId: userId } as const
    await recordAuditEvent(tx, context, event)
  })
  await forgetSignInAttempts(db, { email, address: from.address }, now)
}
