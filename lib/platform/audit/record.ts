import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { auditChainHead, auditEvents } from '#db/schema/audit.ts'
import type { Context } from '#lib/platform/context.ts'
import type { AuditAction, AuditObjectType } from './actions.ts'
import { canonicalJson } from './canonical-json.ts'

export type AuditEntry = {
  action: AuditAction
  objectType: AuditObjectType
  objectId: string
  before?: object
  after?: object
  reason?: string
}

export type AuditEventContent = typeof auditEvents.$inferSelect

/** SHA-256 (hex) over the predecessor's hash and the event's content. */
export function auditEventHash(event: Omit<AuditEventContent, 'hash'>): string {
  const { prevHash, ...content } = event
  return createHash('sha256')
    .update(prevHash, 'hex')
    .update(canonicalJson({ ...content, at: content.at.toISOString() }))
    .digest('hex')
}

/**
 * Appends to the audit log inside the caller's transaction: the change and its record stand or fall together.
 * Locks the head of the chain until that transaction ends, so call it last.
 */
export async function recordAuditEvent(tx: Database, context: Context, entry: AuditEntry): Promise<void> {
  const [head] = await tx.select().from(auditChainHead).where(eq(auditChainHead.id, 1)).for('update')
  if (head === undefined) throw new Error('The audit chain has no head: the database is not migrated.')
  const content = {
    seq: head.seq + 1,
    at: context.now,
    actorType: context.actor.type,
    actorId: storable(context.actor.id),
    actorName: storable(context.actor.name),
    action: entry.action,
    objectType: entry.objectType,
    objectId: storable(entry.objectId),
    before: throughJson(entry.before),
    after: throughJson(entry.after),
    reason: entry.reason === undefined ? null : storable(entry.reason),
    requestId: storable(context.requestId),
    prevHash: head.hash,
  }
  const hash = auditEventHash(content)
  await tx.insert(auditEvents).values({ ...content, hash })
  await tx.update(auditChainHead).set({ seq: content.seq, hash }).where(eq(auditChainHead.id, 1))
}

/** The value as `jsonb` gives it back: dates as text, undefined dropped. */
function throughJson(value: object | undefined): unknown {
  if (value === undefined) return null
  return JSON.parse(JSON.stringify(value), (_key, item: unknown) =>
    typeof item === 'string' ? storable(item) : item,
  )
}

/** The text as the database gives it back: it takes no NUL, and half a surrogate pair comes back as another sign. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}
