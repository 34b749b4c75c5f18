import type { Interval } from '#lib/statistics/interval.ts'
import { wilsonInterval, Z_95 } from '#lib/statistics/wilson-interval.ts'
import type { Statistic } from '#lib/vocabulary/statistic.ts'
import { countImages } from './paired-counts.ts'
import type { PairedCounts } from './schema.ts'

/** Accuracy of the candidate minus accuracy of the baseline on the same images. Range −1 to 1; null without images. */
export function pairedDifference(counts: PairedCounts): number | null {
  const n = countImages(counts)
  return n === 0 ? null : (counts.candidateOnly - counts.baselineOnly) / n
}

/**
 * Newcombe's interval for the difference of two proportions of the same images (method 10 of the paper): the two
 * Wilson intervals joined by squares, less what the correlation φ of the pairs takes away. With δ = candidate −
 * baseline, [l, u] the Wilson bounds of each:
 *
 *     δ − √((p_c − l_c)² − 2 φ (p_c − l_c)(u_b − p_b) + (u_b − p_b)²)  …
 *     δ + √((u_c − p_c)² − 2 φ (u_c − p_c)(p_b − l_b) + (p_b − l_b)²)
 *
 * φ = A / √(product of the four margins), A = both right × both wrong − the discordant product; a positive A is
 * reduced by n/2, to no less than 0. A margin of 0 gives φ = 0.
 * Covers close to its level also for few images, and never leaves −1 … 1, unlike δ ± 1.96 SE.
 * Domain: whole counts ≥ 0, independent images. Several images of one patient are not: see `bootstrapDifferences`.
 *
 * Source: Newcombe, Statistics in Medicine 1998, 17:2635.
 * Example: both right 201, only the baseline 19, only the candidate 46, neither 4 → 0.0423 … 0.1580
 */
export function newcombePairedInterval(counts: PairedCounts, z = Z_95): Interval {
  const n = countImages(counts)
  const difference = pairedDifference(counts)
  if (difference === null) return { low: null, high: null }
  const candidate = reach(counts.bothRight + counts.candidateOnly, n, z)
  const baseline = reach(counts.bothRight + counts.baselineOnly, n, z)
  const phi = correlation(counts, n)
  return {
    low: Math.max(-1, difference - join(candidate.below, baseline.above, phi)),
    high: Math.min(1, difference + join(candidate.above, baseline.below, phi)),
  }
}

/** The difference as it is sent and shown. */
export function differenceStatistic(counts: PairedCounts): Statistic {
  return {
    value: pairedDifference(counts),
    ...newcombePairedInterval(counts),
    n: countImages(counts),
    method: 'Newcombe 95% CI for paired proportions',
  }
}

/** How far the Wilson interval of successes / n reaches below and above it. */
function reach(successes: number, n: number, z: number): { below: number; above: number } {
  const { low, high } = wilsonInterval({ successes, trials: n }, z)
  const p = successes / n
  return { below: p - (low ?? p), above: (high ?? p) - p }
}

function correlation(counts: PairedCounts, n: number): number {
  const { bothRight, baselineOnly, candidateOnly, bothWrong } = counts
  // Square roots one by one: the product of four counts of a million images is beyond whole float64 numbers.
  const margins =
    Math.sqrt(bothRight + candidateOnly) *
    Math.sqrt(baselineOnly + bothWrong) *
    Math.sqrt(bothRight + baselineOnly) *
    Math.sqrt(candidateOnly + bothWrong)
  if (margins === 0) return 0
  const excess = bothRight * bothWrong - baselineOnly * candidateOnly
  return (excess > 0 ? Math.max(excess - n / 2, 0) : excess) / margins
}

function join(a: number, b: number, phi: number): number {
  return Math.sqrt(Math.max(0, a * a - 2 * phi * a * b + b * b))
}
