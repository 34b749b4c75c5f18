import { and, eq, gt, isNull } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { sessions, users } from '#db/schema/auth.ts'
import type { Actor } from '#lib/platform/context.ts'
import { knownRoles } from '#lib/platform/permissions.ts'

/** A use is written down once a minute: exact enough for the idle limit, and reads stay reads. */
const TOUCH_EVERY_MS = 60_000

export type SessionActor = {
  sessionId: string
  actor: Actor
  /** The person’s own name; the actor’s is the e-mail address, as the audit log shows it. */
  fullName: string
}

/** The person of a session that has neither ended nor been idle for too long; null otherwise. */
export async function findSessionActor(
  db: Database,
  token: string,
  options: { now: Date; idleSeconds: number; countAsUse: boolean },
): Promise<SessionActor | null> {
  const { now } = options
  const idleSince = new Date(now.getTime() - options.idleSeconds * 1000)
  const [row] = await db
    .select({
      sessionId: sessions.id,
      usedAt: sessions.updatedAt,
      userId: users.id,
      email: users.email,
      name: users.name,
      roles: users.roles,
    })
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
  if (options.countAsUse && now.getTime() - row.usedAt.getTime() > TOUCH_EVERY_MS)
    await db.update(sessions).set({ updatedAt: now }).where(eq(sessions.token, token))
  const { sessionId, userId, email, name } = row
  const actor: Actor = { type: 'user', id: userId, name: email, roles: knownRoles(row.roles), userId }
  return { sessionId, actor, fullName: name }
}
