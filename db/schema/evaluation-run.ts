import { sql } from 'drizzle-orm'
import {
  bigint,
  bigserial,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant, sha256 } from './column-types.ts'
import { datasetSnapshots, datasets, images } from './dataset.ts'
import { RUN_STATUSES } from './enumerations.ts'
import { modelVersions } from './model-version.ts'

/** The immutable predictions of one model under one preprocessing by one provider, keyed by image content. */
export const predictionSets = pgTable(
  'prediction_sets',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    /** Null, as the preprocessing's, where the predictions were made elsewhere: then each import is a set of its own. */
    modelSha256: sha256('model_sha256'),
    preprocessingSha256: sha256('preprocessing_sha256'),
    /** `imported` where the predictions were made elsewhere. */
    provider: text('provider').notNull(),
    /** Over the actor and the idempotency key of an import: its repetition finds the set that it made before. */
    importKeySha256: sha256('import_key_sha256'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('prediction_sets_identity').on(table.modelSha256, table.preprocessingSha256, table.provider),
    uniqueIndex('prediction_sets_import_key').on(table.importKeySha256),
  ],
)

/** One model version on one dataset snapshot. Progress is counted from rows, and stored when the run has ended. */
export const evaluationRuns = pgTable(
  'evaluation_runs',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    modelVersionId: uuid('model_version_id')
      .notNull()
      .references(() => modelVersions.id),
    datasetId: uuid('dataset_id')
      .notNull()
      .references(() => datasets.id),
    /** Chosen at creation, scanned before the first image is asked. */
    snapshotId: uuid('snapshot_id')
      .notNull()
      .references(() => datasetSnapshots.id),
    /** Known once an evaluator has said by which provider it runs. */
    predictionSetId: bigint('prediction_set_id', { mode: 'number' }).references(() => predictionSets.id),
    status: text('status', { enum: RUN_STATUSES }).notNull().default('queued'),
    allowUnknownClasses: boolean('allow_unknown_classes').notNull().default(false),
    /** Images whose prediction was there before this run asked; null until counted. */
    reusedCount: integer('reused_count'),
    /** Images that were settled when this attempt's evaluation began: they say nothing of its rate. */
    settledBeforeCount: integer('settled_before_count'),
    /** How the images stood when the run ended (see `RunCounts`); null before, and where its images were not known. */
    imageCount: integer('image_count'),
    doneCount: integer('done_count'),
    errorCount: integer('error_count'),
    excludedCount: integer('excluded_count'),
    failureCode: text('failure_code'),
    failureDetail: text('failure_detail'),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: text('created_by').notNull(),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
    /** Fencing token: grows with each claim, cancel and retry; a batch is written only at its own epoch. */
    epoch: bigint('epoch', { mode: 'number' }).notNull().default(0),
    owner: text('owner'),
    leaseUntil: instant('lease_until'),
    deadline: instant('deadline').notNull(),
    attemptCount: integer('attempt_count').notNull().default(0),
  },
  (table) => [
    index('evaluation_runs_queue').on(table.status, table.createdAt),
    index('evaluation_runs_dataset').on(table.datasetId, table.createdAt),
    index('evaluation_runs_model_version').on(table.modelVersionId, table.createdAt),
    check(
      'evaluation_runs_finished',
      sql`(${table.status} in ('queued', 'running')) = (${table.finishedAt} is null)`,
    ),
  ],
)

/** One image content's probabilities: written once, never changed. */
export const predictions = pgTable(
  'predictions',
  {
    predictionSetId: bigint('prediction_set_id', { mode: 'number' })
      .notNull()
      .references(() => predictionSets.id),
    imageSha256: sha256('image_sha256').notNull(),
    /** In the card's class order; ties went to the lowest index. */
    predictedIndex: smallint('predicted_index').notNull(),
    probabilities: doublePrecision('probabilities').array().notNull(),
    /** The run and epoch that asked for it. */
    runId: uuid('run_id').notNull(),
    epoch: bigint('epoch', { mode: 'number' }).notNull(),
    decodeSeconds: real('decode_seconds'),
    inferenceSeconds: real('inference_seconds'),
    at: instant('at').notNull().default(sql`clock_timestamp()`),
  },
  (table) => [primaryKey({ columns: [table.predictionSetId, table.imageSha256] })],
)

/** An image that a run could not get a prediction for: listed, counted, outside the metrics. */
export const evaluationRunErrors = pgTable(
  'evaluation_run_errors',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => evaluationRuns.id),
    imageId: bigint('image_id', { mode: 'number' })
      .notNull()
      .references(() => images.id),
    code: text('code').notNull(),
    message: text('message').notNull(),
    epoch: bigint('epoch', { mode: 'number' }).notNull(),
    at: instant('at').notNull().default(sql`clock_timestamp()`),
  },
  (table) => [primaryKey({ columns: [table.runId, table.imageId] })],
)

/** A succeeded run's numbers, computed from its rows in the transaction that finished it. */
export const evaluationRunResults = pgTable('evaluation_run_results', {
  runId: uuid('run_id')
    .primaryKey()
    .references(() => evaluationRuns.id),
  /** The reply of `GET /api/evaluation-runs/{id}/metrics`. */
  metrics: jsonb('metrics').notNull(),
  /** Raised when a formula changes: older results are then computed anew. */
  formulaVersion: integer('formula_version').notNull(),
  computedAt: instant('computed_at').notNull().defaultNow(),
})
