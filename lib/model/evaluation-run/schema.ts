import { z } from 'zod'
import { RUN_STATUSES } from '#db/schema/enumerations.ts'
import { leftOutSchema, snapshotSummarySchema } from '#lib/data/snapshot/schema.ts'
import { instant } from '#lib/platform/api/instant.ts'
import { statisticSchema } from '#lib/vocabulary/statistic.ts'

const seconds = z.number().nullable()

export const runStatusSchema = z.enum(RUN_STATUSES)
export type RunStatus = z.infer<typeof runStatusSchema>

/** Runs without an accuracy come last in both orders by it. */
export const runSortSchema = z.enum(['created-desc', 'created-asc', 'accuracy-desc', 'accuracy-asc'])
export type RunSort = z.infer<typeof runSortSchema>

/** What a client says to create one. */
export const createEvaluationRunSchema = z.strictObject({
  modelVersionId: z.uuid(),
  /** Name of the dataset. */
  dataset: z.string().min(1).max(200),
  allowUnknownClasses: z.boolean().optional(),
})
export type CreateEvaluationRunInput = z.infer<typeof createEvaluationRunSchema>

/** What a change of a run answers. */
export const changedRunSchema = z.strictObject({ id: z.uuid(), status: runStatusSchema })

/** How long the phases of a run took, or have taken until now. Null for a phase that has not begun. */
const runDurations = z.strictObject({
  scanningSeconds: seconds,
  /** From the frozen snapshot (or the run's creation, if that came later) to the first image. */
  queuedSeconds: seconds,
  evaluatingSeconds: seconds,
  /** Images answered by the evaluator for each second of evaluating; null without any. */
  imagesPerSecond: z.number().nullable(),
  /** Until the last image is answered, at that rate; null unless the run is being evaluated. */
  secondsLeft: seconds,
})
export type RunDurations = z.infer<typeof runDurations>

/** Seconds for one image, from the rows of the run's predictions; null without any, and until the run is over. */
const runLatency = z.strictObject({
  decodeMeanSeconds: seconds,
  decodeP99Seconds: seconds,
  inferenceMeanSeconds: seconds,
  inferenceP99Seconds: seconds,
})
export type RunLatency = z.infer<typeof runLatency>

export const evaluationRunSummarySchema = z.strictObject({
  id: z.uuid(),
  modelVersionId: z.uuid(),
  modelVersion: z.strictObject({ name: z.string(), number: z.int() }),
  modelName: z.string(),
  /** How people name the version: `<model> v<number>`. */
  versionLabel: z.string(),
  dataset: z.string(),
  snapshotId: z.uuid(),
  status: runStatusSchema,
  /** `done` includes errors. */
  progress: z.strictObject({ done: z.int(), errors: z.int(), total: z.int() }),
  /** Images whose prediction was stored before this run asked; null until counted. */
  reused: z.int().nullable(),
  excluded: z.int(),
  /** Files of the dataset that the run's snapshot did not take, by reason. */
  leftOut: leftOutSchema,
  allowUnknownClasses: z.boolean(),
  provider: z.string().nullable(),
  /** With its interval; null unless the run has succeeded. */
  accuracy: statisticSchema.nullable(),
  timings: runDurations,
  /** Why it failed, or stands still. */
  reason: z.string().nullable(),
  reasonCode: z.string().nullable(),
  /** The scan that the run waits for, while it does. */
  scan: snapshotSummarySchema.pick({ status: true, listed: true, hashed: true }),
  createdAt: instant,
  createdBy: z.string(),
  /** The person's name, the key as a key, or the task's name. */
  createdByName: z.string(),
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
})
export type EvaluationRunSummary = z.infer<typeof evaluationRunSummarySchema>

export const evaluationRunSchema = evaluationRunSummarySchema.extend({
  timings: runDurations.extend(runLatency.shape),
})
