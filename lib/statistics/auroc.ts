import type { RankedScores } from './ranked-scores.ts'

/**
 * Area under the ROC curve of one class against the others: the chance that a random image of the class scores
 * higher than a random other image, ties counting half: (#[s⁺ > s⁻] + ½ #[s⁺ = s⁻]) / (n⁺ n⁻).
 * With `weights` each image counts as often as its weight says, as in a bootstrap resample.
 * Range 0–1, 0.5 = chance; null when the class has no images or nothing but the class has.
 *
 * Twice the number of pairs is counted, so that all sums are whole numbers, exact up to 2⁵³, and a resample by
 * weights equals the same resample written out to the last bit.
 *
 * Source: Hanley & McNeil, Radiology 1982, 143:29; Mann & Whitney 1947.
 * Example: positives 0.4, 0.8; negatives 0.4, 0.2 → (0.5 + 1 + 1 + 1) / 4 = 0.875
 */
export function auroc({ images, isPositive, endsTie }: RankedScores, weights?: Int32Array): number | null {
  let pairsTwice = 0
  let positives = 0
  let negatives = 0
  let tiedPositives = 0
  let tiedNegatives = 0
  for (let rank = 0; rank < images.length; rank++) {
    const weight = weights === undefined ? 1 : (weights[images[rank] as number] as number)
    if (isPositive[rank] === 1) tiedPositives += weight
    else tiedNegatives += weight
    if (endsTie[rank] === 1) {
      // Most ties are a single negative: without the product they cost a third less.
      if (tiedPositives !== 0) {
        pairsTwice += tiedPositives * (2 * negatives + tiedNegatives)
        positives += tiedPositives
        tiedPositives = 0
      }
      negatives += tiedNegatives
      tiedNegatives = 0
    }
  }
  return positives === 0 || negatives === 0 ? null : pairsTwice / (2 * positives * negatives)
}
