import { z } from 'zod'
import { statisticSchema as statistic } from '#lib/vocabulary/statistic.ts'

const number = z.number().nullable()

const overall = z.strictObject({
  accuracy: number,
  balancedAccuracy: number,
  macroF1: number,
  macroAuroc: number,
  weightedAuroc: number,
  mcc: number,
  cohenKappa: number,
  ece: number,
  classwiseEce: number,
  logLoss: number,
  brier: number,
})
const findingClass = z.strictObject({
  findingClass: z.string(),
  n: z.int(),
  accuracy: number,
  specificity: number,
  ppv: number,
  npv: number,
  f1: number,
  auroc: number,
})
const withinModality = z.strictObject({
  n: z.int(),
  classesPresent: z.int(),
  accuracy: number,
  balancedAccuracy: number,
  macroF1: number,
  macroAuroc: number,
  crossModalityPredictions: z.int(),
  findingClasses: z.array(findingClass),
})
const intervals = z.strictObject({
  accuracy: statistic,
  accuracyByPatient: statistic.optional(),
  balancedAccuracy: statistic,
  macroF1: statistic,
  macroAuroc: statistic,
  weightedAuroc: statistic,
  mcc: statistic,
  cohenKappa: statistic,
  ece: statistic,
  logLoss: statistic,
  brier: statistic,
  findingClasses: z.record(
    z.string(),
    z.strictObject({
      accuracy: statistic,
      specificity: statistic,
      ppv: statistic,
      npv: statistic,
      f1: statistic,
      auroc: statistic,
    }),
  ),
  withinModality: z.record(z.string(), z.strictObject({ accuracy: statistic, macroAuroc: statistic })),
})

/** The reply of `GET /api/evaluation-runs/{id}/metrics`: plain numbers, and each one's interval beside them. */
export const evaluationMetricsSchema = z.strictObject({
  n: z.int(),
  errors: z.int(),
  excluded: z.int(),
  classesPresent: z.int(),
  overall,
  findingClasses: z.array(findingClass),
  withinModality: z.record(z.string(), withinModality),
  intervals,
  /** `counts[reference][predicted]` */
  confusion: z.strictObject({ classes: z.array(z.string()), counts: z.array(z.array(z.int())) }),
  calibration: z.strictObject({
    bins: z.array(
      z.strictObject({ low: z.number(), high: z.number(), n: z.int(), accuracy: number, confidence: number }),
    ),
  }),
})
