import { and, eq, exists, type SQL, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { accounts, users } from '#db/schema/auth.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { User } from './create-user.ts'

/** True of a person who has chosen a password; an invited user has not yet. */
export function hasPassword(db: Database): SQL {
  return exists(
    db
      .select({ one: sql`1` })
      .from(accounts)
      .where(and(eq(accounts.userId, users.id), eq(accounts.providerId, 'credential'))),
  )
}

export type UserWithState = User & { hasPassword: boolean }

/** The person, locked until the transaction ends: changes of one person come one after the other. */
export async function getUserToChange(tx: Database, id: string): Promise<UserWithState> {
  const [user] = await tx.select().from(users).where(eq(users.id, id)).for('update')
  if (user === undefined) throw new ServiceError('NOT_FOUND', 'This user does not exist.')
  const account = and(eq(accounts.userId, id), eq(accounts.providerId, 'credential'))
  return { ...user, hasPassword: (await tx.$count(accounts, account)) > 0 }
}

/** A person as the rest of the service names them. */
export async function getPerson(
  db: Database,
  id: string,
): Promise<{ id: string; email: string; name: string }> {
  const columns = { id: users.id, email: users.email, name: users.name }
  const [person] = await db.select(columns).from(users).where(eq(users.id, id))
  if (person === undefined) throw new ServiceError('NOT_FOUND', 'This user does not exist.')
  return person
}
