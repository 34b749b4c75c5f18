import { and, eq, ne, type SQL } from 'drizzle-orm'
import { sessions } from '#db/schema/auth.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { requirePerson } from './require-person.ts'

/** Ends one of the actor's own sessions; others' are not found. */
export async function endSession(context: Context, id: string): Promise<void> {
  if ((await endOwn(context, eq(sessions.id, id))) === 0)
    throw new ServiceError('NOT_FOUND', 'This session does not exist.')
}

/** Signs the actor out everywhere, but for the session of `except`. */
export async function endSessions(context: Context, { except }: { except: string | null }): Promise<void> {
  await endOwn(context, except === null ? undefined : ne(sessions.token, except))
}

async function endOwn(context: Context, which: SQL | undefined): Promise<number> {
  const { userId } = requirePerson(context.actor)
  return context.db.transaction(async (tx) => {
    const ended = await tx
      .delete(sessions)
      .where(and(eq(sessions.userId, userId), which))
      .returning({ id: sessions.id })
    if (ended.length > 0)
      await recordAuditEvent(tx, context, {
        action: 'session.close',
        objectType: 'user',
        objectId: userId,
        before: { sessions: ended.length },
      })
    return ended.length
  })
}
