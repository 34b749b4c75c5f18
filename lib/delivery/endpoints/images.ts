import { z } from 'zod'
import { imageNeighboursSchema } from '#lib/data/image/schema.ts'
import {
  imageDetailsSchema,
  predictionOutcomeSchema,
  predictionSortSchema,
  predictionStatusSchema,
} from '#lib/model/evaluation-result/schema.ts'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'

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
  responses: { 200: imageDetailsSchema },
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
      status: predictionStatusSchema.optional(),
      outcome: predictionOutcomeSchema.optional(),
      referenceClass: findingClass.optional(),
      predictedClass: findingClass.optional(),
      sort: predictionSortSchema.optional(),
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
