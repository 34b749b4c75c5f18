import { asc, gt } from 'drizzle-orm'
import { users } from '#db/schema/auth.ts'
import type { Position } from '#lib/api/cursor.ts'
import type { Context } from '#lib/context.ts'
import type { User } from './create-user.ts'

/** By e-mail address; `after` is [email] of the last one seen. */
export async function listUsers(
  context: Context,
  page: { after: Position | null; take: number },
): Promise<User[]> {
  const behind = page.after === null ? undefined : gt(users.email, String(page.after[0]))
  return context.db.select().from(users).where(behind).orderBy(asc(users.email)).limit(page.take)
}
