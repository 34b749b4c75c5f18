import { binomialProbability } from '#lib/statistics/binomial-probability.ts'
import { incompleteBeta } from '#lib/statistics/incomplete-beta.ts'
import type { McNemar, PairedCounts } from './schema.ts'

/**
 * McNemar's test that two versions are right equally often, on the images that only one of them has right: given
 * b + c of them, b is binomial with probability ½ if they are.
 * exact: min(1, 2 P(X ≤ min(b, c))); mid-p: that sum with the observed outcome counted half, so minus P(X = min(b, c)).
 * Domain: whole counts ≥ 0. Range 0–1; 1 for b = c, also for b = c = 0, where there is nothing to tell them apart.
 *
 * Source: McNemar, Psychometrika 1947, 12:153; Fagerland, Lydersen & Laake, BMC Med Res Methodol 2013, 13:91.
 * Example: b = 8, c = 21 → exact 0.02411954, mid-p 0.01612480
 */
export function mcNemar({
  baselineOnly,
  candidateOnly,
}: Pick<PairedCounts, 'baselineOnly' | 'candidateOnly'>): McNemar {
  if (baselineOnly === candidateOnly) return { exactP: 1, midP: 1 }
  const discordant = baselineOnly + candidateOnly
  const fewer = Math.min(baselineOnly, candidateOnly)
  // The chance of at most k successes in n trials of probability ½.
  const tail = incompleteBeta(0.5, discordant - fewer, fewer + 1)
  const exactP = Math.min(1, 2 * tail)
  return { exactP, midP: Math.max(0, exactP - binomialProbability(fewer, discordant, 0.5)) }
}
