import { topLabelScores } from './binned-scores.ts'
import { expectedCalibrationError } from './expected-calibration-error.ts'
import type { LabelledPredictions } from './labelled-predictions.ts'
import { reliabilityBins } from './reliability-bins.ts'
import type { ReliabilityDiagram } from './schema.ts'
import { wilsonInterval } from './wilson-interval.ts'

/** How often predictions of each confidence are right, as it is drawn. */
export function reliabilityDiagram(predictions: LabelledPredictions): ReliabilityDiagram {
  const topLabel = topLabelScores(predictions)
  return {
    binCount: topLabel.binCount,
    ece: expectedCalibrationError(topLabel),
    bins: reliabilityBins(topLabel).map(({ low, high, n, accuracy, confidence }) => ({
      low,
      high,
      n,
      meanConfidence: confidence,
      accuracy,
      interval: barInterval(n, accuracy),
    })),
  }
}

function barInterval(n: number, accuracy: number | null): { low: number; high: number } | null {
  if (accuracy === null) return null
  // The accuracy is successes / n: rounding undoes the division.
  const { low, high } = wilsonInterval({ successes: Math.round(accuracy * n), trials: n })
  return low === null || high === null ? null : { low, high }
}
