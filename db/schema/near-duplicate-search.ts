import { integer, jsonb, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core'
import { instant, sha256 } from './column-types.ts'
import { datasetSnapshots } from './dataset.ts'

/** Which images of a snapshot look like images of others: found in the background, read by pages. */
export const nearDuplicateSearches = pgTable(
  'near_duplicate_searches',
  {
    judgedSnapshotId: uuid('judged_snapshot_id')
      .notNull()
      .references(() => datasetSnapshots.id),
    /** Over the sorted ids of the snapshots that were trained on. */
    trainedSha256: sha256('trained_sha256').notNull(),
    /** Images of both sides whose looks were known, those of them that cannot be decoded, and all with content. */
    hashedCount: integer('hashed_count').notNull(),
    undecodableCount: integer('undecodable_count').notNull(),
    imageCount: integer('image_count').notNull(),
    foundCount: integer('found_count').notNull(),
    nearest: jsonb('nearest').notNull(),
    searchedAt: instant('searched_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.judgedSnapshotId, table.trainedSha256] })],
)
