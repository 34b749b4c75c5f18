import { type ConfusionMatrix, confusionTotals } from './confusion-matrix.ts'

/**
 * Cohen's unweighted kappa between reference and predicted class: (po − pe) / (1 − pe), the agreement beyond
 * what the row and column sums alone would give (pe = Σ r_k c_k). Both are multiplied by n² here, so that the
 * counts stay whole numbers and pe = 1 is recognised exactly.
 * Range −1 to 1; null when pe = 1 (everything in one and the same class) and without images.
 *
 * Source: Cohen, Educational and Psychological Measurement 1960, 20:37.
 * Example: [[45, 3, 2], [5, 30, 5], [1, 4, 25]] → 0.744952
 */
export function cohenKappa(matrix: ConfusionMatrix): number | null {
  const { references, predictions, correct, total } = confusionTotals(matrix)
  let agreement = 0
  let chance = 0
  for (let k = 0; k < matrix.classCount; k++) {
    agreement += correct[k] as number
    chance += (references[k] as number) * (predictions[k] as number)
  }
  const beyondChance = total * total - chance
  return beyondChance === 0 ? null : (agreement * total - chance) / beyondChance
}
