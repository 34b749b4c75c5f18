import { proportionStatistic } from '#lib/statistics/wilson-interval.ts'
import type { Statistic } from '#lib/vocabulary/statistic.ts'
import { holmAdjusted } from './holm.ts'
import { mcNemar } from './mcnemar.ts'
import { differenceStatistic } from './newcombe-paired-interval.ts'
import { countImages, countPairs, type PairedCounts } from './paired-counts.ts'
import type { PairedPredictions } from './paired-predictions.ts'

/** Both versions on the images of one finding class. Everything is null or 0 for a class without images. */
export type FindingClassComparison = {
  findingClass: string
  /** Images of the class. */
  n: number
  paired: PairedCounts
  /** Sensitivities: the class's images that were predicted as it. */
  baseline: Statistic
  candidate: Statistic
  /** Of the sensitivities, candidate minus baseline. */
  difference: Statistic
  /** Exact McNemar. */
  p: number | null
  /** Adjusted for looking at all classes that have images. */
  holmP: number | null
}

/** The per-class table, in class order. */
export function compareFindingClasses(pairs: PairedPredictions): FindingClassComparison[] {
  const { classes, referenceIndices, baseline, candidate } = pairs
  const tables = classes.map((_, k) =>
    countPairs(referenceIndices, baseline, candidate, (reference) => reference === k),
  )
  const pValues = tables.map((paired) => (countImages(paired) === 0 ? null : mcNemar(paired).exactP))
  const adjusted = holmAdjusted(pValues)
  return tables.map((paired, k) => {
    const n = countImages(paired)
    return {
      findingClass: classes[k] as string,
      n,
      paired,
      baseline: proportionStatistic({ successes: paired.bothRight + paired.baselineOnly, trials: n }),
      candidate: proportionStatistic({ successes: paired.bothRight + paired.candidateOnly, trials: n }),
      difference: differenceStatistic(paired),
      p: pValues[k] ?? null,
      holmP: adjusted[k] ?? null,
    }
  })
}
