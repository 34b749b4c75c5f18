import { z } from 'zod'
import { SLICE_DIMENSIONS } from '#lib/model/evaluation-result/slice-names.ts'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'
import { hasNoLostCharacter, LOST_CHARACTER_FAULT } from '#lib/vocabulary/lost-character.ts'
import { statisticSchema } from '#lib/vocabulary/statistic.ts'

const tags = ['evaluation-runs']
const byId = z.strictObject({ id: z.uuid() })

/** Some 100,000 images. */
const MAX_VALUES_BYTES = 16 * 1024 * 1024

const slices = z.strictObject({
  slices: z.array(z.strictObject({ name: z.string(), accuracy: statisticSchema, isSmall: z.boolean() })),
  /** Slices beyond the ones that are listed. */
  more: z.int(),
  /** Images that belong to no slice. */
  without: z.int(),
})

export const sliceRunEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/evaluation-runs/{id}/slices',
  summary: 'The accuracy of a succeeded run by subgroup',
  tags,
  permission: 'evaluation-run:read',
  params: byId,
  query: z.strictObject({ by: z.enum(SLICE_DIMENSIONS) }),
  responses: { 200: slices },
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
  responses: { 200: slices },
})

export const checkLeakageEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/evaluation-runs/{id}/leakage',
  summary:
    'How many of the run’s images and patients were in the training of its version, as its card names it',
  tags,
  permission: 'evaluation-run:read',
  params: byId,
  responses: {
    200: z.strictObject({
      trainedOn: z.array(
        z.strictObject({ name: z.string(), dataset: z.string().nullable(), snapshotId: z.uuid().nullable() }),
      ),
      images: z.int(),
      sharedImages: z.int(),
      sharedPatients: z.int(),
      imagesOfSharedPatients: z.int(),
      knowsContents: z.boolean(),
      knowsPatients: z.boolean(),
      examples: z.array(z.strictObject({ imageId: z.int(), imageKey: z.string() })),
      nearDuplicates: z.int(),
      nearestPairs: z.array(
        z.strictObject({
          imageId: z.int(),
          imageKey: z.string(),
          trainedImageId: z.int(),
          trainedImageKey: z.string(),
          distance: z.int(),
          isMirrored: z.boolean(),
        }),
      ),
      hashed: z.strictObject({ done: z.int(), undecodable: z.int(), total: z.int() }),
    }),
  },
})

export const EVALUATION_CHECK_ENDPOINTS = [sliceRunEndpoint, sliceRunByValuesEndpoint, checkLeakageEndpoint]
