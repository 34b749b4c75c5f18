import { calibrationBin } from './binned-scores.ts'
import type { ConfidenceBin } from './schema.ts'

/** Steps of 5%. */
export const CONFIDENCE_BINS = 20

/**
 * How confident the model was where it was right and where it was wrong: counts over bins of equal width. A model
 * whose wrong answers pile up at high confidence cannot be helped by a threshold.
 *
 * Example: 2 bins, confidences 0.4 (wrong), 0.8 (right), 0.9 (wrong) → right 0, 1; wrong 1, 1
 */
export function confidenceHistogram(
  { scores, outcomes }: { scores: Float64Array; outcomes: Uint8Array },
  binCount = CONFIDENCE_BINS,
): ConfidenceBin[] {
  const bins = Array.from({ length: binCount }, (_, bin) => ({
    low: bin / binCount,
    high: (bin + 1) / binCount,
    right: 0,
    wrong: 0,
  }))
  for (let i = 0; i < scores.length; i++) {
    const bin = bins[calibrationBin(scores[i] as number, binCount)]
    if (bin === undefined) throw new RangeError(`no bin for the confidence ${scores[i]}`)
    if (outcomes[i] === 1) bin.right += 1
    else bin.wrong += 1
  }
  return bins
}
