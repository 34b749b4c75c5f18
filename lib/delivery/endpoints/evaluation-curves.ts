import { z } from 'zod'
import { reliabilitySchema } from './reliability-schema.ts'

const number = z.number().nullable()

/** The reply of `GET /api/evaluation-runs/{id}/curves`. */
export const evaluationCurvesSchema = z.strictObject({
  n: z.int(),
  reliability: reliabilitySchema,
  roc: z.array(
    z.strictObject({
      findingClass: z.string(),
      n: z.int(),
      auroc: number,
      /** [false positive rate, true positive rate] */
      points: z.array(z.tuple([z.number(), z.number()])),
    }),
  ),
  confidence: z.strictObject({
    bins: z.array(z.strictObject({ low: z.number(), high: z.number(), right: z.int(), wrong: z.int() })),
  }),
})
