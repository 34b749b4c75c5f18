import type { AuditEventContent } from './record.ts'
import type { AuditEventView } from './schema.ts'

/** An event as it is answered, with everything that its hash covers. */
export function showAuditEvent(event: AuditEventContent): AuditEventView {
  const { seq, action, before, after, reason, requestId, prevHash, hash } = event
  return {
    seq,
    at: event.at.toISOString(),
    actor: { type: event.actorType, id: event.actorId, name: event.actorName },
    action,
    object: { type: event.objectType, id: event.objectId },
    before,
    after,
    reason,
    requestId,
    prevHash,
    hash,
  }
}
