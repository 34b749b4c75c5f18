import { and, eq, lt, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { refusalCounts } from '#db/schema/audit.ts'
import type { Actor, Context } from '#lib/platform/context.ts'
import type { AuditAction, AuditObjectType } from './actions.ts'
import { type AuditEntry, recordAuditEvent } from './record.ts'

/** Repeats within it become one event: who is refused without end adds two events an hour, per route and reason. */
const WINDOW_MS = 3_600_000
/** Windows that are closed in one transaction: it holds the head of the chain. */
const CLOSED_AT_ONCE = 200

export type Refusal = { action: AuditAction; objectType: AuditObjectType; objectId: string; reason: string }

/**
 * Records that an actor tried what it may not do; a transaction of its own, as nothing else happened. The first
 * refusal of an actor, object and reason in an hour is an event at once, its repeats are counted. Returns the count.
 */
export async function recordRefusal(context: Context, refusal: Refusal): Promise<number> {
  const { actor, now } = context
  return context.db.transaction(async (tx) => {
    const [row] = await tx
      .insert(refusalCounts)
      .values({
        windowStartedAt: windowStart(now),
        actorType: actor.type,
        actorId: actor.id,
        actorName: actor.name,
        ...refusal,
        count: 1,
        lastAt: now,
      })
      .onConflictDoUpdate({
        target: [
          refusalCounts.windowStartedAt,
          refusalCounts.actorType,
          refusalCounts.actorId,
          refusalCounts.action,
          refusalCounts.objectId,
          refusalCounts.reason,
        ],
        set: { count: sql`${refusalCounts.count} + 1`, lastAt: now },
      })
      .returning({ count: refusalCounts.count })
    const count = row?.count ?? 1
    if (count === 1) await recordAuditEvent(tx, context, refusal)
    return count
  })
}

/** Seconds until the hour of this moment is over, and counts begin anew. */
export function secondsLeftInWindow(now: Date): number {
  return (windowStart(now).getTime() + WINDOW_MS - now.getTime()) / 1000
}

/** Writes one event for the repeats of each hour that is over. True when there may be more to write. */
export async function closeRefusalWindows(context: Context): Promise<boolean> {
  return context.db.transaction(async (tx) => {
    const over = await tx
      .select()
      .from(refusalCounts)
      .where(lt(refusalCounts.windowStartedAt, windowStart(context.now)))
      .orderBy(refusalCounts.windowStartedAt, refusalCounts.lastAt)
      .limit(CLOSED_AT_ONCE)
      .for('update', { skipLocked: true })
    for (const row of over) await closeWindow(tx, context, row)
    return over.length === CLOSED_AT_ONCE
  })
}

type Counted = typeof refusalCounts.$inferSelect

async function closeWindow(tx: Database, context: Context, row: Counted): Promise<void> {
  await tx
    .delete(refusalCounts)
    .where(
      and(
        eq(refusalCounts.windowStartedAt, row.windowStartedAt),
        eq(refusalCounts.actorType, row.actorType),
        eq(refusalCounts.actorId, row.actorId),
        eq(refusalCounts.action, row.action),
        eq(refusalCounts.objectId, row.objectId),
        eq(refusalCounts.reason, row.reason),
      ),
    )
  if (row.count === 1) return
  const actor: Actor = {
    type: row.actorType as Actor['type'],
    id: row.actorId,
    name: row.actorName,
    roles: [],
  }
  const entry: AuditEntry = {
    action: row.action as AuditAction,
    objectType: row.objectType as AuditObjectType,
    objectId: row.objectId,
    reason: row.reason,
    after: { repeats: row.count - 1, from: row.windowStartedAt, last: row.lastAt },
  }
  await recordAuditEvent(tx, { ...context, actor }, entry)
}

function windowStart(now: Date): Date {
  return new Date(Math.floor(now.getTime() / WINDOW_MS) * WINDOW_MS)
}
