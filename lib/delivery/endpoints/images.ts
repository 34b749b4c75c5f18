import { z } from 'zod'
import { imageNeighboursSchema } from '#lib/data/image/schema.ts'
import { PREDICTION_OUTCOMES, PREDICTION_SORTS } from '#lib/model/evaluation-result/prediction-list.ts'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'
import { instant } from '#lib/platform/api/instant.ts'

const tags = ['images']
const byId = z.strictObject({ id: z.string().regex(/^\d{1,15}$/, 'is not the number of an image') })
const findingClass = z.string().min(1).max(100)

export const imageContentEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/images/{id}/content',
  summary: 'An image’s pixels, re-encoded; `model-input`: the input of the model version `modelVersionId`',
  tags,
  permission: 'image:read',
  params: byId,
  query: z
    .strictObject({
      size: z.enum(['thumbnail', 'full', 'model-input']).default('full'),
      modelVersionId: z.uuid().optional(),
    })
    .refine(({ size, modelVersionId }) => (size === 'model-input') === (modelVersionId !== undefined), {
      path: ['modelVersionId'],
      message: 'belongs to size=model-input, which needs it',
    }),
  responses: {},
  otherContentTypes: ['image/webp', 'image/png'],
})

/** Not for users who may only look at images: a reviewer judges without knowing what a model said. */
export const getImageEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/images/{id}',
  summary: 'An image with its snapshots, duplicates and predictions',
  tags,
  permission: 'evaluation-run:read',
  params: byId,
  responses: {
    200: z.strictObject({
      id: z.int(),
      dataset: z.string(),
      imageKey: z.string(),
      findingClass: z.string(),
      patient: z.string().nullable(),
      sha256: z.string().nullable(),
      width: z.int().nullable(),
      height: z.int().nullable(),
      sizeBytes: z.int().nullable(),
      addedAt: instant.nullable(),
      snapshots: z.array(z.strictObject({ id: z.uuid(), createdAt: instant })),
      duplicates: z.array(z.strictObject({ id: z.int(), dataset: z.string(), imageKey: z.string() })),
      predictions: z.array(
        z.strictObject({
          modelVersionId: z.uuid(),
          modelName: z.string(),
          versionLabel: z.string(),
          evaluationRunId: z.uuid(),
          findingClasses: z.array(z.string()),
          probabilities: z.array(z.number()).nullable(),
          predictedClass: z.string().nullable(),
          confidence: z.number().nullable(),
          correct: z.boolean().nullable(),
          provider: z.string().nullable(),
          at: instant,
          code: z.string().nullable(),
          message: z.string().nullable(),
        }),
      ),
    }),
  },
})

export const getNeighboursEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/images/{id}/neighbours',
  summary: 'The images before and after one, in a run’s list of predictions or in the dataset by key',
  tags,
  permission: 'evaluation-run:read',
  params: byId,
  query: z
    .strictObject({
      context: z.enum(['dataset', 'run']),
      run: z.uuid().optional(),
      findingClass: findingClass.optional(),
      status: z.enum(['ok', 'error']).optional(),
      outcome: z.enum(PREDICTION_OUTCOMES).optional(),
      referenceClass: findingClass.optional(),
      predictedClass: findingClass.optional(),
      sort: z.enum(PREDICTION_SORTS).optional(),
    })
    .refine(({ context, run }) => (context === 'run') === (run !== undefined), {
      path: ['run'],
      message: 'belongs to context=run, which needs it',
    })
    .refine(({ context, findingClass }) => context === 'dataset' || findingClass === undefined, {
      path: ['findingClass'],
      message: 'belongs to context=dataset: a run has referenceClass and predictedClass',
    })
    .refine(
      ({ context, status, outcome, referenceClass, predictedClass, sort }) =>
        context === 'run' || (status ?? outcome ?? referenceClass ?? predictedClass ?? sort) === undefined,
      { path: ['context'], message: 'dataset takes findingClass alone' },
    ),
  responses: { 200: imageNeighboursSchema },
})

export const IMAGE_ENDPOINTS = [imageContentEndpoint, getImageEndpoint, getNeighboursEndpoint]
