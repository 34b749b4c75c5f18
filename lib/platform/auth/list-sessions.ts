import { and, desc, eq, gt, sql } from 'drizzle-orm'
import { sessions } from '#db/schema/auth.ts'
import type { Context } from '#lib/platform/context.ts'
import type { Position } from '#lib/platform/cursor.ts'
import { positionedAt } from '#lib/platform/newest-first.ts'
import { requirePerson } from './require-person.ts'
import type { SessionView } from './schema.ts'

export type Session = typeof sessions.$inferSelect

/** The actor's own sessions that have not ended, newest first. */
export async function listSessions(
  context: Context,
  options: { idleSeconds: number; after: Position | null; take: number },
): Promise<Session[]> {
  const { userId } = requirePerson(context.actor)
  const last = positionedAt(options.after)
  const behind =
    last === null
      ? undefined
      : sql`(${sessions.createdAt}, ${sessions.id}) < (${last.createdAt}::timestamptz, ${last.id})`
  const idleSince = new Date(context.now.getTime() - options.idleSeconds * 1000)
  const open = and(gt(sessions.expiresAt, context.now), gt(sessions.updatedAt, idleSince))
  return context.db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), open, behind))
    .orderBy(desc(sessions.createdAt), desc(sessions.id))
    .limit(options.take)
}

/** A session as it is answered: without its token. */
export function showSession(session: Session, current: boolean): SessionView {
  const { id, createdAt, expiresAt, userAgent, ipAddress } = session
  return { id, createdAt, lastSeenAt: session.updatedAt, expiresAt, userAgent, ipAddress, current }
}
