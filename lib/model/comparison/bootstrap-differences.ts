import { accuracy } from '#lib/statistics/accuracy.ts'
import { auroc } from '#lib/statistics/auroc.ts'
import { bootstrapByPatient } from '#lib/statistics/bootstrap-by-patient.ts'
import { confusionMatrix } from '#lib/statistics/confusion-matrix.ts'
import type { LabelledPredictions } from '#lib/statistics/labelled-predictions.ts'
import { macroAuroc } from '#lib/statistics/macro-auroc.ts'
import { macroF1 } from '#lib/statistics/macro-f1.ts'
import { methodOf, type Resampling } from '#lib/statistics/metric-intervals.ts'
import { perClassRates } from '#lib/statistics/per-class-rates.ts'
import { percentileInterval } from '#lib/statistics/percentile-interval.ts'
import { ratio } from '#lib/statistics/proportion.ts'
import { type RankedScores, rankScores } from '#lib/statistics/ranked-scores.ts'
import { seededRandom } from '#lib/statistics/seeded-random.ts'
import { labelled, type PairedPredictions } from './paired-predictions.ts'
import type { BootstrappedDifference } from './schema.ts'

export type VersionMetrics = { accuracy: number | null; macroF1: number | null; macroAuroc: number | null }

export type BootstrappedDifferences = {
  /** Over all images, without resampling. */
  baseline: VersionMetrics
  candidate: VersionMetrics
  /** Candidate minus baseline. */
  differences: Record<keyof VersionMetrics, BootstrappedDifference>
}

/**
 * Accuracy, macro F1 and macro AUROC of both versions, and their differences with a paired percentile bootstrap: each
 * resample draws patients, and both versions are measured on the same drawn images, so that what is hard for both
 * does not widen the interval. Range of a difference −1 to 1.
 *
 * Source: Efron & Tibshirani, An Introduction to the Bootstrap, 1993, §13.3; by patient: see `bootstrapByPatient`.
 */
export async function bootstrapDifferences(
  pairs: PairedPredictions,
  resampling: Resampling,
): Promise<BootstrappedDifferences> {
  const n = pairs.referenceIndices.length
  const baseline = await prepare(labelled(pairs, pairs.baseline), resampling.pause)
  const candidate = await prepare(labelled(pairs, pairs.candidate), resampling.pause)
  const both = (weights?: Int32Array) => ({
    baseline: measure(baseline, weights),
    candidate: measure(candidate, weights),
  })
  const values = both()
  const resampled = await bootstrapByPatient({
    ...resampling,
    resamples: n === 0 ? 0 : resampling.resamples, // nothing to draw from
    random: seededRandom(resampling.seed),
    statistic: both,
    workPerImage: 2 * (1 + baseline.ranked.length),
  })
  const { resamples, seed } = resampling
  const difference = (name: keyof VersionMetrics): BootstrappedDifference => {
    const value = subtract(values.candidate[name], values.baseline[name])
    const interval =
      value === null
        ? { low: null, high: null }
        : percentileInterval(
            resampled.map((resample) => subtract(resample.candidate[name], resample.baseline[name])),
          )
    return { value, ...interval, n, method: methodOf(resampling, n), resamples, seed }
  }
  const differences = {
    accuracy: difference('accuracy'),
    macroF1: difference('macroF1'),
    macroAuroc: difference('macroAuroc'),
  }
  return { ...values, differences }
}

/** Sorted once: of the classes that have images, the others have no AUROC. */
type Prepared = { predictions: LabelledPredictions; ranked: RankedScores[] }

async function prepare(predictions: LabelledPredictions, pause: () => Promise<unknown>): Promise<Prepared> {
  const ranked: RankedScores[] = []
  for (const classIndex of new Set(predictions.referenceIndices)) {
    ranked.push(rankScores(predictions, classIndex))
    await pause()
  }
  return { predictions, ranked }
}

function measure({ predictions, ranked }: Prepared, weights?: Int32Array): VersionMetrics {
  const matrix = confusionMatrix(predictions, weights)
  return {
    accuracy: ratio(accuracy(matrix)),
    macroF1: macroF1(perClassRates(matrix)),
    macroAuroc: macroAuroc(ranked.map((each) => auroc(each, weights))),
  }
}

function subtract(candidate: number | null, baseline: number | null): number | null {
  return candidate === null || baseline === null ? null : candidate - baseline
}
