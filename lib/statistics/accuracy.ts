import { type ConfusionMatrix, confusionTotals } from './confusion-matrix.ts'
import type { Proportion } from './proportion.ts'

/**
 * The share of images whose predicted class is the reference class: Σ_k n_kk / n.
 * Error rows are not part of n; they are counted beside it. Range 0–1; no images → 0 of 0.
 *
 * Example: [[45, 3, 2], [5, 30, 5], [1, 4, 25]] → 100 of 120 = 0.8333
 */
export function accuracy(matrix: ConfusionMatrix): Proportion {
  const { correct, total } = confusionTotals(matrix)
  return { successes: correct.reduce((sum, count) => sum + count, 0), trials: total }
}
