import { proportionStatistic } from '#lib/statistics/wilson-interval.ts'
import { modalityOf } from '#lib/vocabulary/finding-class.ts'
import { differenceStatistic } from './newcombe-paired-interval.ts'
import { countImages, countPairs } from './paired-counts.ts'
import type { PairedPredictions, VersionAnswers } from './paired-predictions.ts'
import type { ModalityComparison } from './schema.ts'

/** The modalities that have images, in the order of their first class. */
export function compareModalities(
  { classes, referenceIndices, baseline, candidate }: PairedPredictions,
  cardModalities?: Readonly<Record<string, string>>,
): ModalityComparison[] {
  const ofClass = classes.map((name) => modalityOf(name, cardModalities))
  return [...new Set(ofClass)].flatMap((modality) => {
    const includes = (classIndex: number) => ofClass[classIndex] === modality
    const paired = countPairs(referenceIndices, baseline, candidate, includes)
    const n = countImages(paired)
    if (n === 0) return []
    const crossed = ({ predictedIndices }: VersionAnswers) =>
      predictedIndices.reduce(
        (sum, predicted, i) =>
          includes(referenceIndices[i] as number) && !includes(predicted) ? sum + 1 : sum,
        0,
      )
    return {
      modality,
      n,
      paired,
      baseline: proportionStatistic({ successes: paired.bothRight + paired.baselineOnly, trials: n }),
      candidate: proportionStatistic({ successes: paired.bothRight + paired.candidateOnly, trials: n }),
      difference: differenceStatistic(paired),
      crossModalityPredictions: { baseline: crossed(baseline), candidate: crossed(candidate) },
    }
  })
}
