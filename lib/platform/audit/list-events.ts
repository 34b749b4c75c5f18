import { and, desc, eq, gte, lt, or } from 'drizzle-orm'
import { auditEvents } from '#db/schema/audit.ts'
import type { Context } from '#lib/platform/context.ts'
import type { Position } from '#lib/platform/cursor.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { AuditAction, AuditObjectType } from './actions.ts'
import type { AuditEventContent } from './record.ts'

export type AuditFilters = {
  /** An id, or a name: a person's e-mail address, a key's name. */
  actor?: string | undefined
  action?: AuditAction | undefined
  objectType?: AuditObjectType | undefined
  object?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
}

/** Newest first; `after` is [seq] of the last event seen, `[from, to)` as everywhere. */
export async function listAuditEvents(
  context: Context,
  filters: AuditFilters & { after: Position | null; take: number },
): Promise<AuditEventContent[]> {
  const { actor, action, objectType, object, from, to, after } = filters
  if (from !== undefined && to !== undefined && from > to)
    throw new ServiceError('BAD_REQUEST', '"from" is after "to".')
  return context.db
    .select()
    .from(auditEvents)
    .where(
      and(
        actor === undefined
          ? undefined
          : or(eq(auditEvents.actorId, actor), eq(auditEvents.actorName, actor)),
        action === undefined ? undefined : eq(auditEvents.action, action),
        objectType === undefined ? undefined : eq(auditEvents.objectType, objectType),
        object === undefined ? undefined : eq(auditEvents.objectId, object),
        from === undefined ? undefined : gte(auditEvents.at, from),
        to === undefined ? undefined : lt(auditEvents.at, to),
        after === null ? undefined : lt(auditEvents.seq, Number(after[0])),
      ),
    )
    .orderBy(desc(auditEvents.seq))
    .limit(filters.take)
}
