import { integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant, sha256 } from './column-types.ts'

/** The answer once given to a creating call, so that its repetition gets the same one. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    actorId: text('actor_id').notNull(),
    key: text('key').notNull(),
    /** Over method, path and body: the same key with another request is a conflict. */
    requestSha256: sha256('request_sha256').notNull(),
    /** Null while the first call is still at work. */
    status: integer('status'),
    body: jsonb('body'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.actorId, table.key] })],
)
