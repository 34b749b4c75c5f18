import { z } from 'zod'
import { RUN_STATUSES } from '#db/schema/evaluation-run.ts'
import { PREDICTION_OUTCOMES, PREDICTION_SORTS } from '#lib/model/evaluation-result/prediction-list.ts'
import { RUN_SORTS } from '#lib/model/evaluation-run/run-order.ts'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'
import { instant } from '#lib/platform/api/instant.ts'
import { pageOf, pageQuery } from '#lib/platform/api/page.ts'
import { statisticSchema as statistic } from '#lib/vocabulary/statistic.ts'
import { evaluationCurvesSchema } from './evaluation-curves.ts'
import { evaluationMetricsSchema } from './evaluation-metrics.ts'
import { reliabilitySchema } from './reliability-schema.ts'

const tags = ['evaluation-runs']
const byId = z.strictObject({ id: z.uuid() })
const status = z.enum(RUN_STATUSES)
const seconds = z.number().nullable()

const durations = z.strictObject({
  scanningSeconds: seconds,
  queuedSeconds: seconds,
  evaluatingSeconds: seconds,
  imagesPerSecond: z.number().nullable(),
  secondsLeft: seconds,
})
export const runSummary = z.strictObject({
  id: z.uuid(),
  modelVersionId: z.uuid(),
  modelVersion: z.strictObject({ name: z.string(), number: z.int() }),
  modelName: z.string(),
  versionLabel: z.string(),
  dataset: z.string(),
  snapshotId: z.uuid(),
  status,
  progress: z.strictObject({ done: z.int(), errors: z.int(), total: z.int() }),
  reused: z.int().nullable(),
  excluded: z.int(),
  leftOut: z.array(z.strictObject({ code: z.string(), count: z.int() })),
  allowUnknownClasses: z.boolean(),
  provider: z.string().nullable(),
  accuracy: statistic.nullable(),
  timings: durations,
  reason: z.string().nullable(),
  reasonCode: z.string().nullable(),
  scan: z.strictObject({
    status: z.enum(['scanning', 'ready', 'failed']),
    listed: z.int(),
    hashed: z.int(),
  }),
  createdAt: instant,
  createdBy: z.string(),
  createdByName: z.string(),
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
})
const run = runSummary.extend({
  timings: durations.extend({
    decodeMeanSeconds: seconds,
    decodeP99Seconds: seconds,
    inferenceMeanSeconds: seconds,
    inferenceP99Seconds: seconds,
  }),
})
const startedRun = z.strictObject({ id: z.uuid(), status })

export const createEvaluationRunEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/evaluation-runs',
  summary: 'Evaluate a model version on a dataset as it is now',
  tags,
  permission: 'evaluation-run:write',
  body: z.strictObject({
    modelVersionId: z.uuid(),
    dataset: z.string().min(1).max(200),
    allowUnknownClasses: z.boolean().optional(),
  }),
  responses: { 201: startedRun },
  idempotency: 'transaction',
})

export const listEvaluationRunsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/evaluation-runs',
  summary: 'List the evaluation runs, newest first unless sorted otherwise',
  tags,
  permission: 'evaluation-run:read',
  query: z.strictObject({
    ...pageQuery,
    status: status.optional(),
    dataset: z.string().min(1).max(200).optional(),
    modelVersionId: z.uuid().optional(),
    sort: z.enum(RUN_SORTS).default('created-desc'),
  }),
  responses: { 200: pageOf(runSummary) },
})

export const getEvaluationRunEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/evaluation-runs/{id}',
  summary: 'An evaluation run with its progress and timings',
  tags,
  permission: 'evaluation-run:read',
  params: byId,
  responses: { 200: run },
})

export const deleteEvaluationRunEndpoint = defineEndpoint({
  method: 'DELETE',
  path: '/api/evaluation-runs/{id}',
  summary: 'Delete an ended run with its results; predictions stay for other runs',
  tags,
  permission: 'evaluation-run:write',
  params: byId,
  responses: { 204: z.undefined() },
})

export const cancelEvaluationRunEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/evaluation-runs/{id}/cancel',
  summary: 'Stop a run; stored predictions are kept',
  tags,
  permission: 'evaluation-run:write',
  params: byId,
  responses: { 200: startedRun },
})

export const retryEvaluationRunEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/evaluation-runs/{id}/retry',
  summary: 'Repeat the error rows and the missing images',
  tags,
  permission: 'evaluation-run:write',
  params: byId,
  responses: { 200: startedRun },
})

export const getEvaluationMetricsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/evaluation-runs/{id}/metrics',
  summary: 'The metrics of a succeeded run, with their intervals',
  tags,
  permission: 'evaluation-run:read',
  params: byId,
  responses: { 200: evaluationMetricsSchema },
})

export const getRunCurvesEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/evaluation-runs/{id}/curves',
  summary: 'A succeeded run’s reliability diagram, ROC curves and confidence histogram',
  tags,
  permission: 'evaluation-run:read',
  params: byId,
  responses: { 200: evaluationCurvesSchema },
})

const calibration = reliabilitySchema.extend({
  classwiseEce: z.number().nullable(),
  logLoss: z.number().nullable(),
})

export const previewTemperatureEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/evaluation-runs/{id}/temperature',
  summary:
    'What the calibration would be at the temperature fitted on another run of the version; changes nothing',
  tags,
  permission: 'evaluation-run:read',
  params: byId,
  query: z.strictObject({
    fittedOn: z.uuid().describe('A succeeded run of the same version on another dataset'),
  }),
  responses: {
    200: z.strictObject({
      evaluationRunId: z.uuid(),
      fittedOn: z.strictObject({ evaluationRunId: z.uuid(), n: z.int() }),
      temperature: z.number(),
      atBound: z.boolean(),
      n: z.int(),
      before: calibration,
      after: calibration,
    }),
  },
})

export const listPredictionsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/evaluation-runs/{id}/predictions',
  summary: 'The run’s predictions per image: paged as JSON, complete as CSV',
  tags,
  permission: 'evaluation-run:read',
  params: byId,
  query: z.strictObject({
    ...pageQuery,
    status: z.enum(['ok', 'error']).optional(),
    referenceClass: z.string().min(1).max(100).optional(),
    predictedClass: z.string().min(1).max(100).optional(),
    outcome: z.enum(PREDICTION_OUTCOMES).optional(),
    sort: z.enum(PREDICTION_SORTS).default('key'),
  }),
  responses: {
    200: pageOf(
      z.strictObject({
        imageId: z.int(),
        imageKey: z.string(),
        referenceClass: z.string(),
        patient: z.string().nullable(),
        predictedClass: z.string().nullable(),
        confidence: z.number().nullable(),
        probabilities: z.array(z.number()).nullable(),
        status: z.enum(['ok', 'error']),
        code: z.string().nullable(),
        message: z.string().nullable(),
      }),
    ).extend({ total: z.int() }),
  },
  otherContentTypes: ['text/csv'],
})

export const followEvaluationRunEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/evaluation-runs/{id}/events',
  summary: 'Progress as server-sent events: `progress` on every change, `end` at the end',
  tags,
  permission: 'evaluation-run:read',
  params: byId,
  responses: {},
  otherContentTypes: ['text/event-stream'],
})

export const EVALUATION_RUN_ENDPOINTS = [
  createEvaluationRunEndpoint,
  listEvaluationRunsEndpoint,
  getEvaluationRunEndpoint,
  deleteEvaluationRunEndpoint,
  cancelEvaluationRunEndpoint,
  retryEvaluationRunEndpoint,
  getEvaluationMetricsEndpoint,
  getRunCurvesEndpoint,
  previewTemperatureEndpoint,
  listPredictionsEndpoint,
  followEvaluationRunEndpoint,
]
