import type { LabelledPredictions } from './labelled-predictions.ts'

/**
 * Per image −ln p, p the probability given to the reference class. The log loss of a model is their mean.
 * Range 0–36.04 nats, 0 = certain and right; lower is better.
 *
 * p is clipped to [ε, 1 − ε] with the ε of float64 as scikit-learn 1.9.1 does, so that one certain and wrong
 * image costs 36.04 instead of ∞. Probabilities that do not sum to 1 are taken as they are, as there.
 *
 * Source: Good, JRSS B 1952, 14:107; the mean equals scikit-learn's log_loss.
 * Example: probabilities 0.5 and 0.25 of the true classes → ln 2 and ln 4, log loss 1.0397
 */
export function logLosses(predictions: LabelledPredictions): Float64Array {
  const { classCount, referenceIndices, probabilities } = predictions
  return Float64Array.from(referenceIndices, (reference, i) => {
    const probability = probabilities[i * classCount + reference] as number
    return -Math.log(Math.min(Math.max(probability, Number.EPSILON), 1 - Number.EPSILON))
  })
}
