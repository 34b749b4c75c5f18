import { bigint, index, integer, jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core'
import { instant, sha256 } from './column-types.ts'

/** Who did what to which object: append-only (a trigger refuses changes), each row hashed over its predecessor. */
export const auditEvents = pgTable(
  'audit_events',
  {
    seq: bigint('seq', { mode: 'number' }).primaryKey(),
    at: instant('at').notNull(),
    actorType: text('actor_type').notNull(),
    actorId: text('actor_id').notNull(),
    actorName: text('actor_name').notNull(),
    action: text('action').notNull(),
    objectType: text('object_type').notNull(),
    objectId: text('object_id').notNull(),
    before: jsonb('before'),
    after: jsonb('after'),
    reason: text('reason'),
    requestId: text('request_id').notNull(),
    prevHash: sha256('prev_hash').notNull(),
    hash: sha256('hash').notNull(),
  },
  (table) => [
    index('audit_events_object').on(table.objectType, table.objectId),
    index('audit_events_at').on(table.at),
    index('audit_events_actor_id').on(table.actorId, table.seq),
    index('audit_events_actor_name').on(table.actorName, table.seq),
    index('audit_events_action').on(table.action, table.seq),
  ],
)

/** The chain's last link, one row (id 1), locked by every writer: the chain stays linear. */
export const auditChainHead = pgTable('audit_chain_head', {
  id: smallint('id').primaryKey(),
  seq: bigint('seq', { mode: 'number' }).notNull(),
  hash: sha256('hash').notNull(),
})

/**
 * Refusals of a window of time, counted by who was refused what: the audit log has one event for the first, and one
 * for all further ones when the window is over. A refused call then costs no event.
 */
export const refusalCounts = pgTable(
  'refusal_counts',
  {
    windowStartedAt: instant('window_started_at').notNull(),
    actorType: text('actor_type').notNull(),
    actorId: text('actor_id').notNull(),
    actorName: text('actor_name').notNull(),
    action: text('action').notNull(),
    objectType: text('object_type').notNull(),
    objectId: text('object_id').notNull(),
    reason: text('reason').notNull(),
    count: integer('count').notNull(),
    lastAt: instant('last_at').notNull(),
  },
  (table) => [
    primaryKey({
      name: 'refusal_counts_subject',
      columns: [
        table.windowStartedAt,
        table.actorType,
        table.actorId,
        table.action,
        table.objectId,
        table.reason,
      ],
    }),
  ],
)
