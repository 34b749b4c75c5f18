import { CONFIDENCE, type Interval } from './interval.ts'
import { quantile } from './quantile.ts'

/**
 * The 95% percentile interval of a bootstrap: the 2.5% and 97.5% points of the statistic over the resamples.
 *
 * No interval (null) where the resamples cannot carry one:
 * - the statistic was undefined in more than 5% of them (a class whose images come from one or two patients is
 *   missing from many resamples): the tails may lie among the undefined;
 * - it had the same value in all of them (one patient; not a single error): zero width would claim certainty.
 *
 * Simple, and invariant under rescaling; but not corrected for bias. Noise can only enlarge a calibration error,
 * so its interval lies somewhat high and, for small n, may even lie above the value.
 *
 * Source: Efron & Tibshirani, An Introduction to the Bootstrap, 1993, §13.3.
 */
export function percentileInterval(resampled: readonly (number | null)[]): Interval {
  const defined = Float64Array.from(resampled.filter((value) => value !== null)).sort()
  const tooFew = defined.length === 0 || defined.length < CONFIDENCE * resampled.length
  if (tooFew || defined[0] === defined.at(-1)) return { low: null, high: null }
  const tail = (1 - CONFIDENCE) / 2
  return { low: quantile(defined, tail), high: quantile(defined, 1 - tail) }
}
