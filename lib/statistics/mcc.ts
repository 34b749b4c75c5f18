import { type ConfusionMatrix, confusionTotals } from './confusion-matrix.ts'

/**
 * Matthews correlation coefficient for several classes, from row sums t_k, column sums p_k, c correct of n:
 * (c n − Σ t_k p_k) / √((n² − Σ p_k²)(n² − Σ t_k²)).
 * Range −1 to 1, 0 = no better than chance. Null when all references or all predictions are one class
 * (scikit-learn says 0 there).
 *
 * Source: Gorodkin, Computational Biology and Chemistry 2004, 28:367.
 * Example: [[2, 0], [0, 2]] → 1
 */
export function mcc(matrix: ConfusionMatrix): number | null {
  const { references, predictions, correct, total } = confusionTotals(matrix)
  let agreement = 0
  let chance = 0
  let referenceSpread = total * total
  let predictionSpread = total * total
  for (let k = 0; k < matrix.classCount; k++) {
    const t = references[k] as number
    const p = predictions[k] as number
    agreement += correct[k] as number
    chance += t * p
    referenceSpread -= t * t
    predictionSpread -= p * p
  }
  const spread = Math.sqrt(referenceSpread * predictionSpread)
  return spread === 0 ? null : (agreement * total - chance) / spread
}
