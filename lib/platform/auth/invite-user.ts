import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { Role } from '#lib/platform/permissions.ts'
import { insertUser, type User } from './create-user.ts'
import { getUserToChange, type UserWithState } from './find-user.ts'
import { issueLink } from './one-time-link.ts'
import type { OneTimeLink } from './schema.ts'

/** Adds a person who chooses a password by the link that is returned, the only time that it is seen. */
export async function inviteUser(
  context: Context,
  input: { email: string; name: string; roles: readonly Role[] },
  baseUrl: string,
): Promise<{ user: UserWithState; invitation: OneTimeLink }> {
  return context.db.transaction(async (tx) => {
    const user = await insertUser(tx, context, { ...input, passwordHash: null })
    return { user: { ...user, hasPassword: false }, invitation: await invite(context, user, { tx, baseUrl }) }
  })
}

/** A new link for a user who has not used theirs; the earlier one ends. */
export async function renewInvitation(context: Context, id: string, baseUrl: string): Promise<OneTimeLink> {
  return context.db.transaction(async (tx) => {
    const user = await getUserToChange(tx, id)
    if (user.hasPassword)
      throw new ServiceError('CONFLICT', 'This user already has a password: reset it instead.', {
        code: 'NOT_INVITED',
      })
    requireEnabled(user)
    return invite(context, user, { tx, baseUrl })
  })
}

export function requireEnabled(user: User): void {
  if (user.disabledAt !== null)
    throw new ServiceError('CONFLICT', 'This account is disabled: enable it first.', {
      code: 'USER_DISABLED',
    })
}

async function invite(
  context: Context,
  user: User,
  { tx, baseUrl }: { tx: Context['db']; baseUrl: string },
): Promise<OneTimeLink> {
  const link = await issueLink(tx, { purpose: 'invitation', userId: user.id, baseUrl, now: context.now })
  await recordAuditEvent(tx, context, {
    action: 'user.invite',
    objectType: 'user',
    objectId: user.id,
    after: { expiresAt: link.expiresAt },
  })
  return link
}
