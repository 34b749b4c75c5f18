import { refuseLargeImport } from '#lib/model/prediction-import/import-limits.ts'
import { importedPredictionsSchema, importedRunSchema } from '#lib/model/prediction-import/schema.ts'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'

/** 150,000 images of ten classes; what may be in it, `refuseLargeImport` says. */
const MAX_IMPORT_BYTES = 32 * 1024 * 1024

export const importPredictionsEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/prediction-sets',
  summary: 'Import predictions made elsewhere, as a version without a model file and its finished run',
  tags: ['prediction-sets'],
  permission: 'evaluation-run:write',
  body: importedPredictionsSchema,
  bodyLimitBytes: MAX_IMPORT_BYTES,
  refuseBody: refuseLargeImport,
  responses: { 201: importedRunSchema },
  idempotency: 'natural',
})

export const PREDICTION_SET_ENDPOINTS = [importPredictionsEndpoint]
