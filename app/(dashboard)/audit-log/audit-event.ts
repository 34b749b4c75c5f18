import type { Sent } from '#lib/platform/api/sent.ts'
import type { AuditEventView } from '#lib/platform/audit/schema.ts'

/** An event as the API sends it. */
export type ShownEvent = Sent<AuditEventView>

/** What an event keeps of a thing before or after: named fields, or nothing. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}
