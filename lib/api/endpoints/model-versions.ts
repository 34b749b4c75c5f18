import { z } from 'zod'
import { defineEndpoint } from '#lib/api/endpoint.ts'
import { instant } from '#lib/api/instant.ts'
import { pageOf, pageQuery } from '#lib/api/page.ts'
import { executionProviderSchema, sha256Hex } from '#lib/evaluator-contract.ts'
import { MAX_MODEL_BYTES } from '#lib/model-registry/register.ts'

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
const modelVersion = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  number: z.int(),
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
    })
    .nullable(),
  createdAt: instant,
  createdBy: z.string(),
  archivedAt: instant.nullable(),
})

export const registerModelVersionEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/model-versions',
  summary: 'Upload a model with its card; 201 once it is admitted, 200 where the same one is known already',
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
  summary: 'List the model versions in use, newest first',
  tags,
  permission: 'model-version:read',
  query: z.strictObject({ ...pageQuery, name: z.string().min(1).max(100).optional() }),
  responses: { 200: pageOf(modelVersion) },
})

export const getModelVersionEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/model-versions/{id}',
  summary: 'A model version with its card and what its admission said',
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

export const MODEL_VERSION_ENDPOINTS = [
  registerModelVersionEndpoint,
  listModelVersionsEndpoint,
  getModelVersionEndpoint,
  archiveModelVersionEndpoint,
]
