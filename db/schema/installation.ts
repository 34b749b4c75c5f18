import { pgTable, smallint, uuid } from 'drizzle-orm/pg-core'
import { instant } from './column-types.ts'

/** Which installation this database belongs to: one row (id 1), written at its first start. */
export const installation = pgTable('installation', {
  id: smallint('id').primaryKey(),
  installationId: uuid('installation_id').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
  /** The last write that a health check made: a database that only answers questions is not healthy. */
  checkedAt: instant('checked_at').notNull().defaultNow(),
})
