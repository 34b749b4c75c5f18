import type { Statistic } from '#lib/vocabulary/statistic.ts'
import type { Interval } from './interval.ts'
import type { Proportion } from './proportion.ts'
import { ratio } from './proportion.ts'

/** The 97.5% point of the standard normal distribution: two-sided 95%. */
export const Z_95 = 1.959963984540054

/**
 * Wilson's interval for a proportion, at 95% (another `z`: another confidence) the one shown by default: close to
 * that coverage already for small n, and never outside 0–1, unlike p ± 1.96 SE.
 * Centre (p + z²/2n) / (1 + z²/n), half-width z / (1 + z²/n) · √(p(1−p)/n + z²/4n²).
 * Domain: 0 ≤ successes ≤ trials, independent trials. Several images of one patient are not independent: see
 * `bootstrapByPatient`. Null for 0 trials.
 *
 * Source: Wilson, JASA 1927, 22:209; Brown, Cai & DasGupta, Statistical Science 2001, 16:101.
 * Example: 92 of 100 → 0.850019 … 0.958907
 */
export function wilsonInterval({ successes, trials }: Proportion, z = Z_95): Interval {
  if (trials === 0) return { low: null, high: null }
  const p = successes / trials
  const shrinkage = 1 + z ** 2 / trials
  const centre = (p + z ** 2 / (2 * trials)) / shrinkage
  const halfWidth = (z / shrinkage) * Math.sqrt((p * (1 - p)) / trials + z ** 2 / (4 * trials ** 2))
  // At the ends the bound is 0 or 1 by algebra; the difference would leave a rounding error.
  return {
    low: successes === 0 ? 0 : centre - halfWidth,
    high: successes === trials ? 1 : centre + halfWidth,
  }
}

/** A proportion as it is sent and shown: value, Wilson interval and the number of trials. */
export function proportionStatistic(proportion: Proportion): Statistic {
  return {
    value: ratio(proportion),
    ...wilsonInterval(proportion),
    n: proportion.trials,
    method: 'Wilson 95% CI',
  }
}
