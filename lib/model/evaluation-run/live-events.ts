import { z } from 'zod'
import { defineEvents } from '#lib/platform/live/event-kind.ts'
import { evaluationRunSummarySchema, runStatusSchema } from './schema.ts'

const progress = evaluationRunSummarySchema.shape.progress

/** How a run stands, for every page of the dashboard. */
const runNoticeSchema = z.strictObject({
  id: z.uuid(),
  status: z.enum([...runStatusSchema.options, 'deleted']),
  modelVersionId: z.uuid(),
  /** As people name it. */
  modelVersion: z.string(),
  dataset: z.string(),
  reason: z.string().nullable(),
  /** Of an ended run, as it was stored; else null: that comes by `run-progress`. */
  progress: progress.nullable(),
})
export type RunNotice = z.infer<typeof runNoticeSchema>

/** A run has another status. */
export const RUN_EVENTS = defineEvents({ name: 'run', schema: runNoticeSchema, idOf: ({ id }) => id })

/** A run at work is further on. */
export const RUN_PROGRESS_EVENTS = defineEvents({
  name: 'run-progress',
  schema: z.strictObject({ id: z.uuid(), progress }),
  idOf: ({ id }) => id,
})

/** One run that a client follows, with all that its page shows. */
export const FOLLOWED_RUN_EVENTS = defineEvents({
  name: 'progress',
  schema: evaluationRunSummarySchema,
  idOf: ({ id }) => id,
  compared: ({ timings: _changesByItself, ...shown }) => shown,
})

/** The followed run has ended, or was deleted: nothing follows. */
export const FOLLOWED_RUN_ENDS = defineEvents({
  name: 'end',
  schema: z.union([evaluationRunSummarySchema, z.strictObject({ id: z.uuid(), deleted: z.literal(true) })]),
  idOf: ({ id }) => id,
})
