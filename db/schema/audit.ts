import { bigint, index, jsonb, pgTable, smallint, text } from 'drizzle-orm/pg-core'
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
  ],
)

/** The chain's last link, one row (id 1), locked by every writer: the chain stays linear. */
export const auditChainHead = pgTable('audit_chain_head', {
  id: smallint('id').primaryKey(),
  seq: bigint('seq', { mode: 'number' }).notNull(),
  hash: sha256('hash').notNull(),
})
