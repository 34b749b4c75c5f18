import { z } from 'zod'
import {
  comparedImageSchema,
  comparedOutcomeSchema,
  comparedSortSchema,
  modelComparisonSchema,
} from '#lib/model/comparison/schema.ts'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'
import { pageOf, pageQuery } from '#lib/platform/api/page.ts'
import { queryBoolean, queryInteger, queryNumber } from '#lib/platform/api/query-field.ts'

const tags = ['model-comparisons']
const className = z.string().min(1).max(100)
const ratio = () => queryNumber({ min: 0, max: 1 })
const count = () => queryInteger({ min: 0, max: 1_000_000 })

const compared = {
  baseline: z.uuid(),
  candidate: z.uuid(),
  dataset: z.string().min(1).max(200),
  intersection: queryBoolean().optional(),
}

export const getModelComparisonEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/model-comparisons',
  summary: 'Compare two model versions on the same images of a dataset, by their latest succeeded runs',
  tags,
  permission: 'evaluation-run:read',
  query: z.strictObject({
    ...compared,
    resamples: queryInteger({ min: 100, max: 10_000 }).optional(),
    seed: queryInteger({ min: 0, max: 2 ** 31 - 1 }).optional(),
    accuracyFloor: ratio().optional(),
    nonInferiorityMargin: ratio().optional(),
    /** May be given several times. */
    mustNotMiss: z
      .union([className, z.array(className).max(1000)])
      .transform((names) => [names].flat())
      .optional(),
    minimumImages: count().optional(),
    minimumClassImages: count().optional(),
  }),
  responses: { 200: modelComparisonSchema },
})

export const listComparedImagesEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/model-comparisons/images',
  summary:
    'The compared images one by one, `fixed` right since the candidate and `broken` no longer: paged as JSON, whole as CSV',
  tags,
  permission: 'evaluation-run:read',
  query: z.strictObject({
    ...pageQuery,
    ...compared,
    outcome: comparedOutcomeSchema.optional(),
    findingClass: className.optional(),
    modality: className.optional(),
    patient: z.string().min(1).max(1000).optional(),
    sort: comparedSortSchema.default('image'),
  }),
  responses: {
    200: pageOf(comparedImageSchema).extend({ total: z.int() }),
  },
  otherContentTypes: ['text/csv'],
})

export const MODEL_COMPARISON_ENDPOINTS = [getModelComparisonEndpoint, listComparedImagesEndpoint]
