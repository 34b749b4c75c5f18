import { z } from 'zod'
import { COMPARED_OUTCOMES, COMPARED_SORTS } from '#lib/model/comparison/compared-list.ts'
import { VERDICTS } from '#lib/model/comparison/verdict.ts'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'
import { instant } from '#lib/platform/api/instant.ts'
import { pageOf, pageQuery } from '#lib/platform/api/page.ts'
import { queryBoolean, queryInteger, queryNumber } from '#lib/platform/api/query-field.ts'
import { statisticSchema } from '#lib/vocabulary/statistic.ts'
import { reliabilitySchema } from './reliability-schema.ts'

const tags = ['model-comparisons']
const number = z.number().nullable()
const className = z.string().min(1).max(100)
const ratio = () => queryNumber({ min: 0, max: 1 })
const count = () => queryInteger({ min: 0, max: 1_000_000 })

const compared = {
  baseline: z.uuid(),
  candidate: z.uuid(),
  dataset: z.string().min(1).max(200),
  intersection: queryBoolean().optional(),
}

const side = z.strictObject({
  modelVersionId: z.uuid(),
  label: z.string(),
  evaluationRunId: z.uuid(),
  snapshotId: z.uuid(),
  finishedAt: instant,
})
const paired = z.strictObject({
  bothRight: z.int(),
  baselineOnly: z.int(),
  candidateOnly: z.int(),
  bothWrong: z.int(),
})
const bootstrapped = statisticSchema.extend({ resamples: z.int(), seed: z.int() })
const metrics = z.strictObject({
  accuracy: statisticSchema,
  accuracyExact: statisticSchema,
  macroF1: number,
  macroAuroc: number,
})
const answered = z.strictObject({ images: z.int(), errors: z.int() })
const counts = z.array(z.array(z.int()))
const calibration = reliabilitySchema.extend({ classwiseEce: number })

const comparison = z.strictObject({
  dataset: z.string(),
  baseline: side,
  candidate: side,
  intersection: z.boolean(),
  imageSets: z.strictObject({
    baseline: answered,
    candidate: answered,
    both: z.int(),
    baselineOnly: z.int(),
    candidateOnly: z.int(),
    relabelled: z.int(),
  }),
  n: z.int(),
  classesPresent: z.int(),
  patients: z.int().nullable(),
  verdict: z.enum(VERDICTS),
  headline: z.string(),
  reasons: z.array(z.string()),
  paired,
  /** Candidate minus baseline, as all differences. */
  difference: statisticSchema,
  differenceByPatient: bootstrapped.optional(),
  mcnemar: z.strictObject({ exactP: z.number(), midP: z.number() }),
  versionsKappa: number,
  smallestDetectableDifference: number,
  macroF1Difference: bootstrapped,
  macroAurocDifference: bootstrapped,
  baselineMetrics: metrics,
  candidateMetrics: metrics,
  findingClasses: z.array(
    z.strictObject({
      findingClass: z.string(),
      n: z.int(),
      paired,
      baseline: statisticSchema,
      candidate: statisticSchema,
      difference: statisticSchema,
      p: number,
      holmP: number,
    }),
  ),
  modalities: z.array(
    z.strictObject({
      modality: z.string(),
      n: z.int(),
      paired,
      baseline: statisticSchema,
      candidate: statisticSchema,
      difference: statisticSchema,
      crossModalityPredictions: z.strictObject({ baseline: z.int(), candidate: z.int() }),
    }),
  ),
  calibration: z.strictObject({ baseline: calibration, candidate: calibration }),
  /** `…[reference][predicted]` */
  confusion: z.strictObject({
    classes: z.array(z.string()),
    baseline: counts,
    candidate: counts,
    delta: counts,
  }),
  gate: z.strictObject({
    passes: z.boolean(),
    reasons: z.array(z.string()),
    notes: z.array(z.string()),
    rules: z.strictObject({
      accuracyFloor: z.number(),
      nonInferiorityMargin: z.number(),
      mustNotMiss: z.array(z.string()),
      minimumImages: z.int(),
      minimumClassImages: z.int(),
    }),
    /** Names the service's own settings; null where the caller stated rules. */
    rulesVersion: z.string().nullable(),
    /** False of a preview by stated rules. */
    decides: z.boolean(),
  }),
})

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
  responses: { 200: comparison },
})

const answer = z.strictObject({
  predictedClass: z.string(),
  confidence: z.number(),
  probabilities: z.array(z.number()),
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
    outcome: z.enum(COMPARED_OUTCOMES).optional(),
    findingClass: className.optional(),
    modality: className.optional(),
    patient: z.string().min(1).max(1000).optional(),
    sort: z.enum(COMPARED_SORTS).default('image'),
  }),
  responses: {
    200: pageOf(
      z.strictObject({
        imageId: z.int(),
        imageKey: z.string(),
        referenceClass: z.string(),
        patient: z.string().nullable(),
        outcome: z.enum(COMPARED_OUTCOMES),
        change: z.number(),
        baseline: answer,
        candidate: answer,
      }),
    ).extend({ total: z.int() }),
  },
  otherContentTypes: ['text/csv'],
})

export const MODEL_COMPARISON_ENDPOINTS = [getModelComparisonEndpoint, listComparedImagesEndpoint]
