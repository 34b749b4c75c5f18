import type { LabelledPredictions } from './labelled-predictions.ts'

/**
 * Per image Σ_k (p_k − y_k)², y_k = 1 for the reference class and 0 for the others. The Brier score of a model is
 * their mean: Brier's own sum form over all classes, not its half and not the mean over classes.
 * Range 0–2, lower is better.
 *
 * Source: Brier, Monthly Weather Review 1950, 78:1; the mean equals scikit-learn's
 * brier_score_loss(scale_by_half=False).
 * Example: p = [0.7, 0.2, 0.1], first class true → 0.09 + 0.04 + 0.01 = 0.14
 */
export function brierScores(predictions: LabelledPredictions): Float64Array {
  const { classCount, referenceIndices, probabilities } = predictions
  return Float64Array.from(referenceIndices, (reference, i) => {
    let sum = 0
    for (let k = 0; k < classCount; k++) {
      const difference = (probabilities[i * classCount + k] as number) - (k === reference ? 1 : 0)
      sum += difference * difference
    }
    return sum
  })
}
