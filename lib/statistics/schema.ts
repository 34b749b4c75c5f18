import { z } from 'zod'
import { statisticSchema } from '#lib/vocabulary/statistic.ts'

/** Null where it is undefined. */
const number = z.number().nullable()
const count = z.int()

/** One bar of a reliability diagram. A perfectly calibrated model has accuracy = confidence in every bin. */
export const reliabilityBinSchema = z.strictObject({
  /** Scores in (low, high]; the first bin also holds 0. */
  low: z.number(),
  high: z.number(),
  n: count,
  /** Share of the bin's images whose prediction came true; null for an empty bin. */
  accuracy: number,
  /** Mean score of the bin's images; null for an empty bin. */
  confidence: number,
})
export type ReliabilityBin = z.infer<typeof reliabilityBinSchema>

/** One bar of the reliability diagram, with the interval within which its accuracy lies. */
const reliabilityBar = z.strictObject({
  low: z.number(),
  high: z.number(),
  n: count,
  meanConfidence: number,
  accuracy: number,
  /** Wilson 95% CI of the accuracy; null for an empty bin. */
  interval: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
})
export type ReliabilityBar = z.infer<typeof reliabilityBar>

/** ECE of the top label with the bins that it is made of. */
export const reliabilityDiagramSchema = z.strictObject({
  binCount: count,
  ece: number,
  bins: z.array(reliabilityBar),
})
export type ReliabilityDiagram = z.infer<typeof reliabilityDiagramSchema>

/** One bar: how many images with a confidence in (low, high] were predicted right and wrong; the first also holds 0. */
export const confidenceBinSchema = z.strictObject({
  low: z.number(),
  high: z.number(),
  right: count,
  wrong: count,
})
export type ConfidenceBin = z.infer<typeof confidenceBinSchema>

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

/** One row of the per-class table. All null for a class without images. */
const findingClassMetrics = z.strictObject({
  findingClass: z.string(),
  /** Images whose reference is this class. */
  n: count,
  /** Sensitivity: correct images of the class / images of the class. */
  accuracy: number,
  specificity: number,
  ppv: number,
  npv: number,
  f1: number,
  auroc: number,
})
export type FindingClassMetrics = z.infer<typeof findingClassMetrics>

const withinModality = z.strictObject({
  /** Images whose reference class belongs to the modality. */
  n: count,
  classesPresent: count,
  accuracy: number,
  balancedAccuracy: number,
  macroF1: number,
  macroAuroc: number,
  /** Images of the modality that were predicted as a class of another one: any is an alert. */
  crossModalityPredictions: count,
  /** The modality's classes against each other. */
  findingClasses: z.array(findingClassMetrics),
})
export type WithinModality = z.infer<typeof withinModality>

const findingClassIntervals = z.strictObject({
  accuracy: statisticSchema,
  specificity: statisticSchema,
  ppv: statisticSchema,
  npv: statisticSchema,
  f1: statisticSchema,
  auroc: statisticSchema,
})
export type FindingClassIntervals = z.infer<typeof findingClassIntervals>

const metricIntervals = z.strictObject({
  accuracy: statisticSchema,
  /** Only where some patient has several images: Wilson's interval, beside it, takes images as independent. */
  accuracyByPatient: statisticSchema.optional(),
  balancedAccuracy: statisticSchema,
  macroF1: statisticSchema,
  macroAuroc: statisticSchema,
  weightedAuroc: statisticSchema,
  mcc: statisticSchema,
  cohenKappa: statisticSchema,
  ece: statisticSchema,
  logLoss: statisticSchema,
  brier: statisticSchema,
  findingClasses: z.record(z.string(), findingClassIntervals),
  withinModality: z.record(
    z.string(),
    z.strictObject({ accuracy: statisticSchema, macroAuroc: statisticSchema }),
  ),
})
export type MetricIntervals = z.infer<typeof metricIntervals>

/** Everything that is measured of an evaluation: plain numbers, and each one's interval beside them. */
export const evaluationMetricsSchema = z.strictObject({
  n: count,
  errors: count,
  classesPresent: count,
  overall,
  findingClasses: z.array(findingClassMetrics),
  withinModality: z.record(z.string(), withinModality),
  intervals: metricIntervals,
  /** `counts[reference][predicted]` */
  confusion: z.strictObject({ classes: z.array(z.string()), counts: z.array(z.array(count)) }),
  calibration: z.strictObject({ bins: z.array(reliabilityBinSchema) }),
})
export type EvaluationMetrics = z.infer<typeof evaluationMetricsSchema>
