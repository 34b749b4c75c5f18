import type { LabelledPredictions } from './labelled-predictions.ts'

/** The number of equal-width calibration bins. 15 as in Guo et al. (ICML 2017), the usual choice. */
export const CALIBRATION_BINS = 15

/** Scores from 0 to 1, what became true of each (0 or 1), and the calibration bin of each. */
export type BinnedScores = {
  binCount: number
  binIndices: Uint8Array
  scores: Float64Array
  outcomes: Uint8Array
}

/**
 * The bin of a score among `binCount` bins of equal width, closed on the right: bin b is (b/B, (b+1)/B].
 * The first bin also holds 0, so that no image is lost. Range 0 … binCount − 1.
 *
 * Example: 15 bins: 0 → 0, 1/15 → 0, 0.07 → 1, 1 → 14
 */
export function calibrationBin(score: number, binCount: number): number {
  let bin = Math.min(Math.max(Math.ceil(score * binCount) - 1, 0), binCount - 1)
  // The product rounds; the comparison with the edge itself decides.
  if (bin > 0 && score <= bin / binCount) bin--
  else if (bin < binCount - 1 && score > (bin + 1) / binCount) bin++
  return bin
}

/** Per image the probability of the predicted class, and whether that class was right. */
export function topLabelScores(predictions: LabelledPredictions, binCount = CALIBRATION_BINS): BinnedScores {
  return binScores(predictions, binCount, (i) => predictions.predictedIndices[i] as number)
}

/** Per image the probability of one class, and whether that class is the reference class. */
export function classScores(
  predictions: LabelledPredictions,
  classIndex: number,
  binCount = CALIBRATION_BINS,
): BinnedScores {
  return binScores(predictions, binCount, () => classIndex)
}

function binScores(
  { classCount, probabilities, referenceIndices }: LabelledPredictions,
  binCount: number,
  scoredClass: (image: number) => number,
): BinnedScores {
  const n = referenceIndices.length
  const binIndices = new Uint8Array(n)
  const scores = new Float64Array(n)
  const outcomes = new Uint8Array(n)
  for (let i = 0; i < n; i++) {
    const k = scoredClass(i)
    const score = probabilities[i * classCount + k] as number
    scores[i] = score
    binIndices[i] = calibrationBin(score, binCount)
    outcomes[i] = referenceIndices[i] === k ? 1 : 0
  }
  return { binCount, binIndices, scores, outcomes }
}
