import { KNOWN_MODALITIES, modalityOf } from '#lib/vocabulary/finding-class.ts'
import { confusionMatrix, confusionTotals } from './confusion-matrix.ts'
import { classwiseCalibrationError } from './expected-calibration-error.ts'
import { findingClassMetrics } from './finding-class-metrics.ts'
import { checkLabelledPredictions, type LabelledPredictions } from './labelled-predictions.ts'
import { metricIntervals } from './metric-intervals.ts'
import { indexPatients } from './patient-index.ts'
import { preparePredictions } from './prepared-predictions.ts'
import { reliabilityBins } from './reliability-bins.ts'
import { resampledMetrics } from './resampled-metrics.ts'
import type { EvaluationMetrics } from './schema.ts'
import { withinModality } from './within-modality.ts'

export type EvaluationMetricsInput = {
  /** The version's finding classes in output order. */
  classes: readonly string[]
  /** The model card's `modalities`, where it has any. */
  cardModalities?: Readonly<Record<string, string>> | undefined
  predictions: Omit<LabelledPredictions, 'classCount'>
  /** Per image, null where unknown. */
  patients: readonly (string | null)[]
  /** Error rows: images without a usable prediction, shown beside n and part of no rate. */
  errors: number
  /** Default 1: the same rows always give the same intervals. */
  seed?: number
  /** Default `defaultResamples(n)`. */
  resamples?: number
  /** Lets the event loop run between pieces of work; rejecting stops the computation. */
  pause: () => Promise<unknown>
}

/** 1,000 resamples up to 20,000 images; beyond, as many as cost the same, but never fewer than 200. */
export function defaultResamples(n: number): number {
  return Math.min(1000, Math.max(200, Math.floor(20_000_000 / Math.max(n, 1))))
}

/** All metrics of an evaluation run from its rows. Undefined numbers are null, never 0, 1 or NaN. */
export async function evaluationMetrics(input: EvaluationMetricsInput): Promise<EvaluationMetrics> {
  const { classes, cardModalities, errors, patients, pause } = input
  const predictions = { ...input.predictions, classCount: classes.length }
  checkLabelledPredictions(predictions)
  const n = predictions.referenceIndices.length
  if (patients.length !== n) throw new RangeError(`${patients.length} patients for ${n} images`)

  const classModalities = classes.map((name) => modalityOf(name, cardModalities))
  const modalityNames = [...new Set([...KNOWN_MODALITIES, ...classModalities])]
  const prepared = await preparePredictions(predictions, classModalities, modalityNames, pause)
  await pause()
  const values = resampledMetrics(prepared)
  const matrix = confusionMatrix(predictions)
  const { references } = confusionTotals(matrix)
  const resampling = {
    ...indexPatients(patients),
    resamples: input.resamples ?? defaultResamples(n),
    seed: input.seed ?? 1,
    pause,
  }
  await pause()
  return {
    n,
    errors,
    classesPresent: references.filter((images) => images > 0).length,
    overall: { ...values.overall, classwiseEce: classwiseCalibrationError(predictions) },
    findingClasses: findingClassMetrics(classes, matrix, values.auroc),
    withinModality: Object.fromEntries(
      prepared.modalities.map((scores) => [scores.modality, withinModality(classes, matrix, scores)]),
    ),
    intervals: await metricIntervals(classes, prepared, values, resampling),
    confusion: { classes: [...classes], counts: rowsOf(matrix.counts, classes.length) },
    calibration: { bins: reliabilityBins(prepared.topLabel) },
  }
}

function rowsOf(counts: Float64Array, classCount: number): number[][] {
  return Array.from({ length: classCount }, (_, row) =>
    Array.from(counts.subarray(row * classCount, (row + 1) * classCount)),
  )
}
