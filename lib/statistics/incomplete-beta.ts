import { binomialProbability } from './binomial-probability.ts'

/** Relative change of a convergent below which the fraction has converged to float64. */
const CONVERGED = 1e-16
/** Stands for a zero denominator in Lentz's method. */
const TINY = 1e-300

/**
 * The regularised incomplete beta function I_x(a, b): the distribution function of Beta(a, b), and the chance of
 * at least a successes in a + b − 1 trials of probability x.
 * Domain: a, b whole and ≥ 1 (all that counts need); 0 ≤ x ≤ 1. Range 0–1.
 *
 * Source: the continued fraction of Press et al., Numerical Recipes §6.4 (DLMF 8.17.22) by Lentz's method, its
 * leading factor x^a (1−x)^b / (a B(a, b)) taken from the binomial probability.
 * Example: I_0.5(2, 3) → 0.6875
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The fraction converges quickly below the mean; above it the mirrored function is used.
  if (x > (a + 1) / (a + b + 2)) return 1 - lowerTail(1 - x, b, a)
  return lowerTail(x, a, b)
}

function lowerTail(x: number, a: number, b: number): number {
  return ((binomialProbability(a, a + b, x) * b) / (a + b)) * continuedFraction(x, a, b)
}

function continuedFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  // About √max(a, b) steps are needed; the bound only guards against an endless loop.
  for (let m = 1; m < 1_000_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / awayFromZero(1 + even * d)
    c = awayFromZero(1 + even / c)
    fraction *= c * d
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / awayFromZero(1 + odd * d)
    c = awayFromZero(1 + odd / c)
    const change = c * d
    fraction *= change
    if (Math.abs(change - 1) <= CONVERGED) return fraction
  }
  throw new RangeError(`incomplete beta of ${x}, ${a}, ${b} does not converge`)
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}
