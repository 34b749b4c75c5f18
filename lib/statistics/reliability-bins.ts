import type { BinnedScores } from './binned-scores.ts'
import type { ReliabilityBin } from './schema.ts'

/**
 * The bins of a reliability diagram, empty ones included.
 *
 * Source: DeGroot & Fienberg, The Statistician 1983, 32:12.
 * Example: 2 bins, scores 0.4 (false), 0.8 (true), 0.9 (false) → n 1, 2; accuracy 0, 0.5; confidence 0.4, 0.85
 */
export function reliabilityBins({ binCount, binIndices, scores, outcomes }: BinnedScores): ReliabilityBin[] {
  const images = new Float64Array(binCount)
  const scoreSums = new Float64Array(binCount)
  const outcomeSums = new Float64Array(binCount)
  for (let i = 0; i < scores.length; i++) {
    const bin = binIndices[i] as number
    images[bin] = (images[bin] as number) + 1
    scoreSums[bin] = (scoreSums[bin] as number) + (scores[i] as number)
    outcomeSums[bin] = (outcomeSums[bin] as number) + (outcomes[i] as number)
  }
  return Array.from(images, (n, bin) => ({
    low: bin / binCount,
    high: (bin + 1) / binCount,
    n,
    accuracy: n === 0 ? null : (outcomeSums[bin] as number) / n,
    confidence: n === 0 ? null : (scoreSums[bin] as number) / n,
  }))
}
