import { and, arrayContains, asc, isNull } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { users } from '#db/schema/auth.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { hasPassword } from './find-user.ts'

/** Those who can sign in and manage people, locked in one order: two who demote each other come one after the other. */
async function lockAdministrators(tx: Database): Promise<string[]> {
  const rows = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(arrayContains(users.roles, ['administrator']), isNull(users.disabledAt), hasPassword(tx)))
    .orderBy(asc(users.id))
    .for('update')
  return rows.map(({ id }) => id)
}

export async function hasAdministrator(tx: Database): Promise<boolean> {
  return (await lockAdministrators(tx)).length > 0
}

/** Call before the person's own row is locked. */
export async function requireAnotherAdministrator(tx: Database, userId: string): Promise<void> {
  const ids = await lockAdministrators(tx)
  if (ids.length === 1 && ids[0] === userId)
    throw new ServiceError('CONFLICT', 'This is the last administrator: add another one first.', {
      code: 'LAST_ADMINISTRATOR',
    })
}
