import { z } from 'zod'
import { temperaturePreviewSchema } from '#lib/model/comparison/schema.ts'
import {
  predictionOutcomeSchema,
  predictionSortSchema,
  predictionStatusSchema,
  runCurvesSchema,
  runMetricsSchema,
  runPredictionSchema,
} from '#lib/model/evaluation-result/schema.ts'
import {
  changedRunSchema,
  createEvaluationRunSchema,
  evaluationRunSchema,
  evaluationRunSummarySchema,
  runSortSchema,
  runStatusSchema,
} from '#lib/model/evaluation-run/schema.ts'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'
import { pageOf, pageQuery } from '#lib/platform/api/page.ts'

const tags = ['evaluation-runs']
const byId = z.strictObject({ id: z.uuid() })

export const createEvaluationRunEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/evaluation-runs',
  summary: 'Evaluate a model version on a dataset as it is now',
  tags,
  permission: 'evaluation-run:write',
  body: createEvaluationRunSchema,
  responses: { 201: changedRunSchema },
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
    status: runStatusSchema.optional(),
    dataset: z.string().min(1).max(200).optional(),
    modelVersionId: z.uuid().optional(),
    sort: runSortSchema.default('created-desc'),
  }),
  responses: { 200: pageOf(evaluationRunSummarySchema) },
})

export const getEvaluationRunEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/evaluation-runs/{id}',
  summary: 'An evaluation run with its progress and timings',
  tags,
  permission: 'evaluation-run:read',
  params: byId,
  responses: { 200: evaluationRunSchema },
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
  responses: { 200: changedRunSchema },
})

export const retryEvaluationRunEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/evaluation-runs/{id}/retry',
  summary: 'Repeat the error rows and the missing images',
  tags,
  permission: 'evaluation-run:write',
  params: byId,
  responses: { 200: changedRunSchema },
})

export const getEvaluationMetricsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/evaluation-runs/{id}/metrics',
  summary: 'The metrics of a succeeded run, with their intervals',
  tags,
  permission: 'evaluation-run:read',
  params: byId,
  responses: { 200: runMetricsSchema },
})

export const getRunCurvesEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/evaluation-runs/{id}/curves',
  summary: 'A succeeded run’s reliability diagram, ROC curves and confidence histogram',
  tags,
  permission: 'evaluation-run:read',
  params: byId,
  responses: { 200: runCurvesSchema },
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
  responses: { 200: temperaturePreviewSchema },
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
    status: predictionStatusSchema.optional(),
    referenceClass: z.string().min(1).max(100).optional(),
    predictedClass: z.string().min(1).max(100).optional(),
    outcome: predictionOutcomeSchema.optional(),
    sort: predictionSortSchema.default('key'),
  }),
  responses: {
    200: pageOf(runPredictionSchema).extend({ total: z.int() }),
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
