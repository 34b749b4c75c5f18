import { eq } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { oneTimeLinks, sessions, users } from '#db/schema/auth.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { knownRoles, type Role } from '#lib/platform/permissions.ts'
import type { User } from './create-user.ts'
import { getUserToChange, type UserWithState } from './find-user.ts'
import { requireAnotherAdministrator } from './last-administrator.ts'

export type UserChange = {
  name?: string | undefined
  roles?: readonly Role[] | undefined
  disabled?: boolean | undefined
}

/** Changes a person. Other roles, and being disabled, end the person's sessions; being disabled also open links. */
export async function updateUser(context: Context, id: string, change: UserChange): Promise<UserWithState> {
  if (change.disabled === true) requireAnotherUser(context, id)
  return context.db.transaction(async (tx) => {
    const demotes = change.roles !== undefined && !change.roles.includes('administrator')
    if (demotes || change.disabled === true) await requireAnotherAdministrator(tx, id)
    const user = await getUserToChange(tx, id)
    const after = changed(user, change, context.now)
    const before = Object.fromEntries(Object.keys(after).map((key) => [key, user[key as keyof typeof after]]))
    if (Object.keys(after).length === 0) return user
    const [updated] = await tx
      .update(users)
      .set({ ...after, updatedAt: context.now })
      .where(eq(users.id, id))
      .returning()
    if (updated === undefined) throw new Error('The changed person was not returned.')
    if ('roles' in after || after.disabledAt instanceof Date)
      await tx.delete(sessions).where(eq(sessions.userId, id))
    if (after.disabledAt instanceof Date) await tx.delete(oneTimeLinks).where(eq(oneTimeLinks.userId, id))
    await recordAuditEvent(tx, context, {
      action: 'user.update',
      objectType: 'user',
      objectId: id,
      before,
      after,
    })
    return { ...updated, hasPassword: user.hasPassword }
  })
}

/** Removes a person with their sessions, keys and links; what they did stays in the audit log. */
export async function deleteUser(context: Context, id: string): Promise<void> {
  requireAnotherUser(context, id)
  await context.db.transaction(async (tx: Database) => {
    await requireAnotherAdministrator(tx, id)
    const { email, name, roles } = await getUserToChange(tx, id)
    await tx.delete(users).where(eq(users.id, id))
    const before = { email, name, roles }
    await recordAuditEvent(tx, context, { action: 'user.delete', objectType: 'user', objectId: id, before })
  })
}

/** What differs from now, so that a change to the same is none. */
function changed(
  user: User,
  change: UserChange,
  now: Date,
): Partial<Pick<User, 'name' | 'roles' | 'disabledAt'>> {
  const roles = change.roles === undefined ? undefined : knownRoles(change.roles)
  const sameRoles = roles === undefined || roles.join() === knownRoles(user.roles).join()
  const sameState = change.disabled === undefined || change.disabled === (user.disabledAt !== null)
  return {
    ...(change.name === undefined || change.name === user.name ? {} : { name: change.name }),
    ...(sameRoles ? {} : { roles }),
    ...(sameState ? {} : { disabledAt: change.disabled ? now : null }),
  }
}

function requireAnotherUser(context: Context, id: string): void {
  if (context.actor.userId === id)
    throw new ServiceError(
      'CONFLICT',
      'You cannot disable or remove your own account. Ask another administrator.',
      {
        code: 'OWN_ACCOUNT',
      },
    )
}
