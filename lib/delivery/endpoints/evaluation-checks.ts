import { z } from 'zod'
import { runSlicesSchema, sliceDimensionSchema } from '#lib/model/evaluation-result/schema.ts'
import { leakageSchema } from '#lib/model/leakage/schema.ts'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'
import { hasNoLostCharacter, LOST_CHARACTER_FAULT } from '#lib/vocabulary/lost-character.ts'

const tags = ['evaluation-runs']
const byId = z.strictObject({ id: z.uuid() })

/** Some 100,000 images. */
const MAX_VALUES_BYTES = 16 * 1024 * 1024

export const sliceRunEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/evaluation-runs/{id}/slices',
  summary: 'The accuracy of a succeeded run by subgroup',
  tags,
  permission: 'evaluation-run:read',
  params: byId,
  query: z.strictObject({ by: sliceDimensionSchema }),
  responses: { 200: runSlicesSchema },
})

export const sliceRunByValuesEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/evaluation-runs/{id}/slices',
  summary: 'The same by a value per image key, such as a table column; nothing is stored',
  tags,
  permission: 'evaluation-run:read',
  params: byId,
  body: z.strictObject({
    values: z
      .array(
        z.strictObject({
          imageKey: z.string().min(1).max(1000).refine(hasNoLostCharacter, LOST_CHARACTER_FAULT),
          value: z.string().min(1).max(200).refine(hasNoLostCharacter, LOST_CHARACTER_FAULT),
        }),
      )
      .min(1),
  }),
  bodyLimitBytes: MAX_VALUES_BYTES,
  responses: { 200: runSlicesSchema },
})

export const checkLeakageEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/evaluation-runs/{id}/leakage',
  summary:
    'How many of the run’s images and patients were in the training of its version, as its card names it',
  tags,
  permission: 'evaluation-run:read',
  params: byId,
  responses: { 200: leakageSchema },
})

export const EVALUATION_CHECK_ENDPOINTS = [sliceRunEndpoint, sliceRunByValuesEndpoint, checkLeakageEndpoint]
