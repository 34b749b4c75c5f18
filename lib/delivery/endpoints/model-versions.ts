import { z } from 'zod'
import { triedImageSchema } from '#lib/model/prediction/schema.ts'
import { MAX_MODEL_BYTES } from '#lib/model/registry/register.ts'
import { modelVersionSchema, storedCardSchema, versionEvaluationSchema } from '#lib/model/registry/schema.ts'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'
import { pageOf, pageQuery } from '#lib/platform/api/page.ts'

const tags = ['model-versions']
const byId = z.strictObject({ id: z.uuid() })

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
  responses: { 200: modelVersionSchema, 201: modelVersionSchema },
  idempotency: 'natural',
})

export const listModelVersionsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/model-versions',
  summary: 'List the model versions, newest first',
  tags,
  permission: 'model-version:read',
  query: z.strictObject({ ...pageQuery, name: z.string().min(1).max(100).optional() }),
  responses: { 200: pageOf(modelVersionSchema) },
})

export const getModelVersionEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/model-versions/{id}',
  summary: 'A model version with its card and validation report',
  tags,
  permission: 'model-version:read',
  params: byId,
  responses: { 200: modelVersionSchema },
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
  responses: { 200: storedCardSchema },
})

export const listVersionEvaluationsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/model-versions/{id}/evaluations',
  summary: 'The succeeded evaluation runs of a version, newest first',
  tags,
  permission: 'model-version:read',
  params: byId,
  query: z.strictObject({ ...pageQuery, dataset: z.string().min(1).max(200).optional() }),
  responses: { 200: pageOf(versionEvaluationSchema) },
})

export const tryImageEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/model-versions/{id}/predictions',
  summary: 'Run this version on one image and return the model input; nothing is stored',
  tags,
  permission: 'prediction:create',
  params: byId,
  multipart: { fields: z.strictObject({}), files: { image: { required: true } } },
  responses: { 200: triedImageSchema },
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
