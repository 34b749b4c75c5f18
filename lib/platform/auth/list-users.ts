import { asc, getTableColumns, gt } from 'drizzle-orm'
import { users } from '#db/schema/auth.ts'
import type { Context } from '#lib/platform/context.ts'
import type { Position } from '#lib/platform/cursor.ts'
import { hasPassword, type UserWithState } from './find-user.ts'

/** By e-mail address; `after` is [email] of the last one seen. */
export async function listUsers(
  { db }: Context,
  page: { after: Position | null; take: number },
): Promise<UserWithState[]> {
  const behind = page.after === null ? undefined : gt(users.email, String(page.after[0]))
  const columns = { ...getTableColumns(users), hasPassword: hasPassword(db).mapWith(Boolean) }
  return db.select(columns).from(users).where(behind).orderBy(asc(users.email)).limit(page.take)
}
