import { randomUUID } from 'node:crypto'
import type { Database } from '#db/client.ts'
import { users } from '#db/schema/auth.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { Role } from '#lib/platform/permissions.ts'
import { type HashingCaller, hashPassword } from './hash-password.ts'
import { requireGoodPassword } from './password-rules.ts'
import { replacePassword } from './replace-password.ts'

export type User = typeof users.$inferSelect

type NewUser = { email: string; name: string; roles: readonly Role[]; isDemo?: boolean }

/** Adds a person who signs in with a password. `email` is normalised (`emailSchema`). */
export async function createUser(
  context: Context,
  input: NewUser & { password: string },
  caller?: HashingCaller,
): Promise<User> {
  requireGoodPassword(input.password, { email: input.email, field: 'password' })
  const passwordHash = await hashPassword(input.password, caller) // slow on purpose: before the transaction
  return context.db.transaction((tx) => insertUser(tx, context, { ...input, passwordHash }))
}

/** The rows of a new person and their audit event, inside the caller's transaction. Without a password: invited. */
export async function insertUser(
  tx: Database,
  context: Context,
  input: NewUser & { passwordHash: string | null },
): Promise<User> {
  const id = randomUUID()
  const { email, name, isDemo = false } = input
  const times = { createdAt: context.now, updatedAt: context.now }
  const [user] = await tx
    .insert(users)
    .values({ id, email, name, roles: [...new Set(input.roles)], isDemo, ...times })
    .onConflictDoNothing()
    .returning()
  if (user === undefined)
    throw new ServiceError('CONFLICT', 'An account with this e-mail address already exists.', {
      code: 'EMAIL_TAKEN',
      details: {
        faults: [
          { path: 'email', message: 'has an account already: change its roles or reset its password' },
        ],
      },
    })
  if (input.passwordHash !== null)
    await replacePassword(tx, { userId: id, passwordHash: input.passwordHash, now: context.now })
  const after = { email, name, roles: user.roles }
  await recordAuditEvent(tx, context, { action: 'user.create', objectType: 'user', objectId: id, after })
  return user
}
