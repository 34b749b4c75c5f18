import type { Sent } from '#lib/platform/api/sent.ts'
import type { showAuditEvent } from '#lib/platform/audit/show-event.ts'

/** An event as the API sends it. */
export type ShownEvent = Sent<ReturnType<typeof showAuditEvent>>

/** What an event keeps of a thing before or after: named fields, or nothing. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}
