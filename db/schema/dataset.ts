import { sql } from 'drizzle-orm'
import {
  bigint,
  bigserial,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { bytes, instant, nameText, sha256 } from './column-types.ts'
import { SNAPSHOT_STATUSES } from './enumerations.ts'

/** A named set of images with reference classes. Archived rather than deleted: runs refer to it. */
export const datasets = pgTable(
  'datasets',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    name: nameText('name').notNull(),
    /** `file:/absolute/folder` or `s3://bucket/prefix`; null: in the service's own object store, under `datasets/<name>/`. */
    location: text('location'),
    /** Regular expression whose first group on the file name is the patient. */
    patientPattern: text('patient_pattern'),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: text('created_by').notNull(),
    archivedAt: instant('archived_at'),
  },
  (table) => [uniqueIndex('datasets_name').on(table.name).where(sql`${table.archivedAt} is null`)],
)

/** One content under one key of a dataset, shared by all snapshots that hold it. */
export const images = pgTable(
  'images',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    datasetId: uuid('dataset_id')
      .notNull()
      .references(() => datasets.id),
    /** `<finding class>/<file>`, NFC. */
    key: nameText('key').notNull(),
    /** The key as the store spells it, relative to the dataset's location. */
    objectKey: nameText('object_key').notNull(),
    findingClass: nameText('finding_class').notNull(),
    patient: nameText('patient'),
    /** False where only predictions of the image were imported: there are no bytes, and nothing to show. */
    hasContent: boolean('has_content').notNull().default(true),
    /** Without content: SHA-256 over the dataset's id and the key, which then stand for it. */
    sha256: sha256('sha256').notNull(),
    /** Null, as width and height, without content. */
    sizeBytes: bigint('size_bytes', { mode: 'number' }),
    width: integer('width'),
    height: integer('height'),
    /** The store's revision when it was last hashed: an unchanged one is not fetched again. Empty without content. */
    revision: text('revision').notNull(),
  },
  (table) => [
    uniqueIndex('images_content').on(table.datasetId, table.key, table.sha256),
    index('images_sha256').on(table.sha256),
    check(
      'images_measured',
      sql`${table.hasContent} = (${table.sizeBytes} is not null and ${table.width} is not null and ${table.height} is not null)`,
    ),
  ],
)

/** A dataset's frozen manifest. `scanning` until its images are all listed and hashed; then never changed. */
export const datasetSnapshots = pgTable(
  'dataset_snapshots',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    datasetId: uuid('dataset_id')
      .notNull()
      .references(() => datasets.id),
    status: text('status', { enum: SNAPSHOT_STATUSES }).notNull().default('scanning'),
    allowLabelConflicts: boolean('allow_label_conflicts').notNull().default(false),
    /** Over the sorted lines key, SHA-256, finding class; null until ready. */
    manifestSha256: sha256('manifest_sha256'),
    /** Why it failed: a stable code, then a sentence. */
    failureCode: text('failure_code'),
    failureDetail: text('failure_detail'),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: text('created_by').notNull(),
    finishedAt: instant('finished_at'),
    /** Fencing token: grows with each claim of the scan. */
    epoch: bigint('epoch', { mode: 'number' }).notNull().default(0),
    leaseUntil: instant('lease_until'),
    listedCount: integer('listed_count').notNull().default(0),
    hashedCount: integer('hashed_count').notNull().default(0),
    /** What the frozen manifest holds: counted once, since it never changes; null before. */
    imageCount: integer('image_count'),
    patientCount: integer('patient_count'),
    skippedCount: integer('skipped_count'),
    /** Of each finding class by name: images and patients. */
    findingClassCounts: jsonb('finding_class_counts'),
  },
  (table) => [
    index('dataset_snapshots_dataset').on(table.datasetId, table.createdAt),
    check(
      'dataset_snapshots_ready',
      sql`(${table.status} = 'ready') = (${table.manifestSha256} is not null)`,
    ),
  ],
)

export const snapshotImages = pgTable(
  'snapshot_images',
  {
    snapshotId: uuid('snapshot_id')
      .notNull()
      .references(() => datasetSnapshots.id),
    imageId: bigint('image_id', { mode: 'number' })
      .notNull()
      .references(() => images.id),
  },
  (table) => [primaryKey({ columns: [table.snapshotId, table.imageId] })],
)

/** What an image content looks like, in 32 bytes, as it is and mirrored; made where a leakage check needs it. */
export const perceptualHashes = pgTable('perceptual_hashes', {
  imageSha256: sha256('image_sha256').primaryKey(),
  /** Null, as the other, where the content cannot be decoded. */
  upright: bytes('upright'),
  mirrored: bytes('mirrored'),
  at: instant('at').notNull().default(sql`clock_timestamp()`),
})

/** A file that the scan saw and did not take, and why. */
export const skippedFiles = pgTable(
  'skipped_files',
  {
    snapshotId: uuid('snapshot_id')
      .notNull()
      .references(() => datasetSnapshots.id),
    file: nameText('file').notNull(),
    code: text('code').notNull(),
    detail: text('detail'),
  },
  (table) => [primaryKey({ columns: [table.snapshotId, table.file] })],
)
