import type { Statistic } from '#lib/vocabulary/statistic.ts'
import { accuracy } from './accuracy.ts'
import { bootstrapByPatient } from './bootstrap-by-patient.ts'
import { type ConfusionMatrix, confusionMatrix, confusionTotals, keepReferences } from './confusion-matrix.ts'
import type { PatientIndex } from './patient-index.ts'
import { perClassRates } from './per-class-rates.ts'
import { percentileInterval } from './percentile-interval.ts'
import type { PreparedPredictions } from './prepared-predictions.ts'
import type { Proportion } from './proportion.ts'
import { type ResampledMetrics, type ResampledOverall, resampledMetrics } from './resampled-metrics.ts'
import type { MetricIntervals } from './schema.ts'
import { seededRandom } from './seeded-random.ts'
import { proportionStatistic } from './wilson-interval.ts'

export type Resampling = PatientIndex & {
  resamples: number
  seed: number
  pause: () => Promise<unknown>
}

/**
 * Every metric with its interval. Proportions have Wilson's; the others a percentile bootstrap by patient, all
 * from the same resamples.
 */
export async function metricIntervals(
  classes: readonly string[],
  prepared: PreparedPredictions,
  values: ResampledMetrics,
  resampling: Resampling,
): Promise<MetricIntervals> {
  const { predictions, modalities } = prepared
  const n = predictions.referenceIndices.length
  const resamples = await bootstrapByPatient({
    ...resampling,
    // Nothing to draw from without images.
    resamples: n === 0 ? 0 : resampling.resamples,
    random: seededRandom(resampling.seed),
    statistic: (weights) => resampledMetrics(prepared, weights),
    workPerImage: workPerImage(predictions.classCount, n),
  })
  const method = methodOf(resampling, n)
  const bootstrapped = (images: number, get: (metrics: ResampledMetrics) => number | null): Statistic => {
    const value = get(values)
    const interval = value === null ? { low: null, high: null } : percentileInterval(resamples.map(get))
    return { value, ...interval, n: images, method }
  }
  const overall = (name: keyof ResampledOverall) => bootstrapped(n, (metrics) => metrics.overall[name])

  const matrix = confusionMatrix(predictions)
  const { references } = confusionTotals(matrix)
  const rates = perClassRates(matrix)
  return {
    accuracy: proportionStatistic(accuracy(matrix)),
    ...(resampling.patientCount < n ? { accuracyByPatient: overall('accuracy') } : {}),
    balancedAccuracy: overall('balancedAccuracy'),
    macroF1: overall('macroF1'),
    macroAuroc: overall('macroAuroc'),
    weightedAuroc: overall('weightedAuroc'),
    mcc: overall('mcc'),
    cohenKappa: overall('cohenKappa'),
    ece: overall('ece'),
    logLoss: overall('logLoss'),
    brier: overall('brier'),
    // Object.fromEntries makes own properties also of names like `__proto__`.
    findingClasses: Object.fromEntries(
      rates.map(({ sensitivity, specificity, ppv, npv }, k) => [
        classes[k] as string,
        {
          accuracy: proportionStatistic(sensitivity),
          specificity: proportionStatistic(specificity),
          ppv: proportionStatistic(ppv),
          npv: proportionStatistic(npv),
          f1: bootstrapped(references[k] as number, (metrics) => metrics.f1[k] ?? null),
          auroc: bootstrapped(references[k] as number, (metrics) => metrics.auroc[k] ?? null),
        },
      ]),
    ),
    withinModality: Object.fromEntries(
      modalities.map(({ modality, includes }, m) => {
        const inModality = modalityAccuracy(matrix, includes)
        return [
          modality,
          {
            accuracy: proportionStatistic(inModality),
            macroAuroc: bootstrapped(inModality.trials, (metrics) => metrics.modalityMacroAuroc[m] ?? null),
          },
        ]
      }),
    ),
  }
}

/** One AUROC per class reads every image, and the confusion matrix has a cell for each pair of classes. */
function workPerImage(classCount: number, n: number): number {
  return classCount + classCount ** 2 / Math.max(n, 1)
}

function modalityAccuracy(matrix: ConfusionMatrix, includes: readonly boolean[]): Proportion {
  return accuracy(keepReferences(matrix, (k) => includes[k] === true))
}

/** How a bootstrap interval was made, as its statistic states it. */
export function methodOf(
  { patientCount, imagesWithPatient, resamples, seed }: Resampling,
  n: number,
): string {
  const alone = n - imagesWithPatient
  const patients = `by patient (${patientCount - alone} patients${alone > 0 ? `, ${alone} images without one` : ''})`
  const unit = imagesWithPatient === 0 ? 'by image' : patients
  return `percentile bootstrap 95% CI ${unit}, ${resamples} resamples, seed ${seed}`
}
