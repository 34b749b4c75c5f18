import { type BinnedScores, classScores } from './binned-scores.ts'
import type { LabelledPredictions } from './labelled-predictions.ts'
import { meanOfDefined } from './mean-of-defined.ts'

/**
 * Expected calibration error: how far confidence is from accuracy, Σ_b n_b/n |acc_b − conf_b| over bins of
 * equal width, empty ones skipped; which is Σ_b |Σ_{i in b} (outcome_i − score_i)| / n.
 * On `topLabelScores` it is the usual ECE. With `weights` each image counts as often as its weight says.
 * Range 0–1, lower is better; null without images. Depends on the number of bins, and chance alone makes it
 * larger than 0 for small n.
 *
 * Source: Naeini et al., AAAI 2015; Guo et al., ICML 2017.
 * Example: 2 bins, scores 0.4 (false), 0.8 (true), 0.9 (false) → (|−0.4| + |0.2 − 0.9|) / 3 = 0.3667
 */
export function expectedCalibrationError(scored: BinnedScores, weights?: Int32Array): number | null {
  const { binCount, binIndices, scores, outcomes } = scored
  const gaps = new Float64Array(binCount)
  let n = 0
  for (let i = 0; i < scores.length; i++) {
    const weight = weights === undefined ? 1 : (weights[i] as number)
    const bin = binIndices[i] as number
    gaps[bin] = (gaps[bin] as number) + weight * ((outcomes[i] as number) - (scores[i] as number))
    n += weight
  }
  return n === 0 ? null : gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / n
}

/**
 * The same error of each class's own probability p_k, averaged over the classes that have images: sees a class
 * that is never predicted but badly scored, which the top label hides. Range 0–1; null without images.
 *
 * Source: Kull et al., NeurIPS 2019.
 */
export function classwiseCalibrationError(predictions: LabelledPredictions): number | null {
  const present = new Set(predictions.referenceIndices)
  return meanOfDefined(
    Array.from({ length: predictions.classCount }, (_, k) =>
      present.has(k) ? expectedCalibrationError(classScores(predictions, k)) : null,
    ),
  )
}
