import { bigint, date, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { modelVersions } from './model-version.ts'

/** How many single predictions each caller got from each model version, by day (UTC). */
export const predictionUsage = pgTable(
  'prediction_usage',
  {
    day: date('day').notNull(),
    modelVersionId: uuid('model_version_id')
      .notNull()
      .references(() => modelVersions.id),
    actorId: text('actor_id').notNull(),
    count: bigint('count', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.modelVersionId, table.actorId] })],
)
