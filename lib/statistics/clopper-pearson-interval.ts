import { incompleteBeta } from './incomplete-beta.ts'
import type { Interval } from './interval.ts'
import { CONFIDENCE } from './interval.ts'
import type { Proportion } from './proportion.ts'

/**
 * The exact (Clopper-Pearson) interval for a proportion: covers at least as often as it says for every n and p,
 * so it is the one for safety claims; wider than Wilson's.
 * BetaInv(α/2; k, n−k+1) … BetaInv(1−α/2; k+1, n−k), 0 and 1 at the ends. A one-sided 95% bound is the
 * corresponding end of the two-sided 90% interval.
 * Domain: 0 ≤ successes ≤ trials, whole; 0 < confidence < 1. Null for 0 trials.
 *
 * Source: Clopper & Pearson, Biometrika 1934, 26:404.
 * Example: 92 of 100 → 0.848442 … 0.964828
 */
export function clopperPearsonInterval({ successes, trials }: Proportion, confidence = CONFIDENCE): Interval {
  if (trials === 0) return { low: null, high: null }
  const tail = (1 - confidence) / 2
  const failures = trials - successes
  return {
    low: successes === 0 ? 0 : betaQuantile(tail, successes, failures + 1),
    // By symmetry one minus the lower bound of the failures' share.
    high: failures === 0 ? 1 : 1 - betaQuantile(tail, failures, successes + 1),
  }
}

/** The x with I_x(a, b) = probability, by bisection: 1,100 halvings would reach the smallest float64, ~60 do. */
function betaQuantile(probability: number, a: number, b: number): number {
  let low = 0
  let high = 1
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (incompleteBeta(middle, a, b) < probability) low = middle
    else high = middle
  }
}
