import { z } from 'zod'
import { executionProviderSchema, modelSignatureSchema } from '#lib/model/evaluator/evaluator-contract.ts'
import { MAX_MODEL_BYTES } from '#lib/model/registry/register.ts'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'
import { instant } from '#lib/platform/api/instant.ts'
import { pageOf, pageQuery } from '#lib/platform/api/page.ts'
import { sha256Hex } from '#lib/vocabulary/sha256-hex.ts'
import { statisticSchema } from '#lib/vocabulary/statistic.ts'

const tags = ['model-versions']
const byId = z.strictObject({ id: z.uuid() })
const preprocessing = z.strictObject({
  mode: z.enum(['L', 'RGB']),
  resample: z.enum(['nearest', 'bilinear', 'bicubic']),
  scale: z.number(),
  mean: z.array(z.number()),
  std: z.array(z.number()),
  exifOrientation: z.enum(['ignore', 'apply']),
  background: z.int(),
})
const lineage = z.strictObject({
  parent: z.string().nullable(),
  trainingRun: z.string().nullable(),
  snapshots: z.array(z.string()),
  codeVersion: z.string().nullable(),
})
const evaluation = z.strictObject({
  evaluationRunId: z.uuid(),
  modelVersionId: z.uuid(),
  dataset: z.string(),
  snapshotId: z.uuid(),
  finishedAt: instant,
  n: z.int(),
  errors: z.int(),
  accuracy: statisticSchema,
  macroAuroc: statisticSchema,
})
const modelVersion = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  number: z.int(),
  label: z.string(),
  sha256: sha256Hex.nullable(),
  sizeBytes: z.int().nullable(),
  findingClasses: z.array(z.string()),
  preprocessing: preprocessing.nullable(),
  preprocessingSha256: sha256Hex.nullable(),
  stage: z.enum(['staging', 'canary', 'production']).nullable(),
  lineage: lineage.nullable(),
  card: z.record(z.string(), z.unknown()),
  admission: z
    .strictObject({
      provider: executionProviderSchema,
      inferenceSeconds: z.number(),
      warnings: z.array(z.string()),
      deterministic: z.literal(true),
      dryRunMilliseconds: z.number(),
      model: modelSignatureSchema.nullable(),
    })
    .nullable(),
  evaluations: z.int(),
  latestEvaluations: z.array(evaluation),
  finalEvaluation: evaluation.nullable(),
  createdAt: instant,
  createdBy: z.string(),
  archivedAt: instant.nullable(),
})

export const registerModelVersionEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/model-versions',
  summary: 'Upload a model with its card; 201 once it is admitted, 200 if it already exists',
  tags,
  permission: 'model-version:write',
  multipart: {
    fields: z.strictObject({ card: z.string().max(1_000_000).optional() }),
    files: {
      model: { required: true, maxBytes: MAX_MODEL_BYTES },
      card: { required: false, maxBytes: 1_000_000 },
    },
  },
  responses: { 200: modelVersion, 201: modelVersion },
  idempotency: 'natural',
})

export const listModelVersionsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/model-versions',
  summary: 'List the model versions, newest first',
  tags,
  permission: 'model-version:read',
  query: z.strictObject({ ...pageQuery, name: z.string().min(1).max(100).optional() }),
  responses: { 200: pageOf(modelVersion) },
})

export const getModelVersionEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/model-versions/{id}',
  summary: 'A model version with its card and validation report',
  tags,
  permission: 'model-version:read',
  params: byId,
  responses: { 200: modelVersion },
})

export const archiveModelVersionEndpoint = defineEndpoint({
  method: 'DELETE',
  path: '/api/model-versions/{id}',
  summary: 'Archive a model version that no queued or running run uses',
  tags,
  permission: 'model-version:write',
  params: byId,
  responses: { 204: z.undefined() },
})

export const downloadModelEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/model-versions/{id}/model',
  summary: 'Download the ONNX file; its ETag is its SHA-256',
  tags,
  permission: 'model-version:read',
  params: byId,
  responses: {},
  otherContentTypes: ['application/octet-stream'],
})

export const downloadModelCardEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/model-versions/{id}/card',
  summary: 'Download model.json, with its defaults filled in',
  tags,
  permission: 'model-version:read',
  params: byId,
  responses: { 200: z.record(z.string(), z.unknown()) },
})

export const listVersionEvaluationsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/model-versions/{id}/evaluations',
  summary: 'The succeeded evaluation runs of a version, newest first',
  tags,
  permission: 'model-version:read',
  params: byId,
  query: z.strictObject({ ...pageQuery, dataset: z.string().min(1).max(200).optional() }),
  responses: { 200: pageOf(evaluation) },
})

export const tryImageEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/model-versions/{id}/predictions',
  summary: 'Run this version on one image and return the model input; nothing is stored',
  tags,
  permission: 'prediction:create',
  params: byId,
  multipart: { fields: z.strictObject({}), files: { image: { required: true } } },
  responses: {
    200: z.strictObject({
      modelVersionId: z.uuid(),
      findingClasses: z.array(z.string()),
      probabilities: z.array(z.number()),
      predictedClass: z.string(),
      modelInput: z.strictObject({
        width: z.int(),
        height: z.int(),
        channels: z.int(),
        png: z.base64(),
      }),
      image: z.strictObject({
        width: z.int(),
        height: z.int(),
        format: z.enum(['jpeg', 'png']),
        warnings: z.array(z.string()),
      }),
      knownAboutClass: z
        .strictObject({
          findingClass: z.string(),
          dataset: z.string(),
          evaluationRunId: z.uuid(),
          n: z.int(),
          sensitivity: statisticSchema,
          ppv: statisticSchema,
          mostConfusedWith: z.array(
            z.strictObject({ findingClass: z.string(), count: z.int(), share: z.number().nullable() }),
          ),
        })
        .nullable(),
    }),
  },
})

export const MODEL_VERSION_ENDPOINTS = [
  registerModelVersionEndpoint,
  listModelVersionsEndpoint,
  getModelVersionEndpoint,
  archiveModelVersionEndpoint,
  downloadModelEndpoint,
  downloadModelCardEndpoint,
  listVersionEvaluationsEndpoint,
  tryImageEndpoint,
]
