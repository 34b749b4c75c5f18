import { proportionStatistic } from '#lib/statistics/wilson-interval.ts'
import { holmAdjusted } from './holm.ts'
import { mcNemar } from './mcnemar.ts'
import { differenceStatistic } from './newcombe-paired-interval.ts'
import { countImages, countPairs } from './paired-counts.ts'
import type { PairedPredictions } from './paired-predictions.ts'
import type { FindingClassComparison } from './schema.ts'

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
