import { sql } from 'drizzle-orm'
import { bigint, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant, nameText, sha256 } from './column-types.ts'

/** A named lineage of model versions. */
export const models = pgTable('models', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: nameText('name').notNull().unique(),
  createdAt: instant('created_at').notNull().defaultNow(),
})

/** One immutable ONNX artefact read under one card. Bytes: `models/<sha256>.onnx` in the object store. */
export const modelVersions = pgTable(
  'model_versions',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    modelId: uuid('model_id')
      .notNull()
      .references(() => models.id),
    /** 1, 2, 3, … within the model. */
    number: integer('number').notNull(),
    /** Null where only the version's predictions were imported. */
    sha256: sha256('sha256'),
    sizeBytes: bigint('size_bytes', { mode: 'number' }),
    card: jsonb('card').notNull(),
    cardSha256: sha256('card_sha256').notNull(),
    preprocessingSha256: sha256('preprocessing_sha256'),
    findingClasses: text('finding_classes').array().notNull(),
    /** What the dry run said: provider, seconds, warnings. */
    admission: jsonb('admission'),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: text('created_by').notNull(),
    archivedAt: instant('archived_at'),
  },
  (table) => [
    uniqueIndex('model_versions_number').on(table.modelId, table.number),
    uniqueIndex('model_versions_content')
      .on(table.sha256, table.cardSha256)
      .where(sql`${table.archivedAt} is null`),
  ],
)
