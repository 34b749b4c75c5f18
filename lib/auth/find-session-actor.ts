import { and, eq, gt, isNull } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { sessions, users } from '#db/schema/auth.ts'
import type { Actor } from '#lib/context.ts'
import { knownRoles } from './permissions.ts'

/** From the last use; a reading room's screen is left alone more often than it is locked. */
export const SESSION_IDLE_SECONDS = 15 * 60
/** From signing in, whatever happens in between: one long shift. */
export const SESSION_LIFETIME_SECONDS = 12 * 3600
/** A use is written down once a minute: exact enough for the idle limit, and reads stay reads. */
const TOUCH_EVERY_MS = 60_000

/** The person of a session that has neither ended nor been idle for too long; null otherwise. */
export async function findSessionActor(db: Database, token: string, now: Date): Promise<Actor | null> {
  const idleSince = new Date(now.getTime() - SESSION_IDLE_SECONDS * 1000)
  const [row] = await db
    .select({ userId: users.id, email: users.email, roles: users.roles, usedAt: sessions.updatedAt })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        eq(sessions.token, token),
        gt(sessions.expiresAt, now),
        gt(sessions.updatedAt, idleSince),
        isNull(users.disabledAt),
      ),
    )
  if (row === undefined) return null
  if (now.getTime() - row.usedAt.getTime() > TOUCH_EVERY_MS)
    await db.update(sessions).set({ updatedAt: now }).where(eq(sessions.token, token))
  return { type: 'user', id: row.userId, name: row.email, roles: knownRoles(row.roles), userId: row.userId }
}
