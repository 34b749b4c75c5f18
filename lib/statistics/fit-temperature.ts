import type { LabelledPredictions } from './labelled-predictions.ts'

/** Temperatures that are tried; beyond, probabilities are as good as equal, or certain. */
export const TEMPERATURES = { lowest: 1 / 20, highest: 20 }

/** The temperature to nine digits. */
const HALVINGS = 40
/** Some milliseconds of exponentials: requests come in between. */
const ROWS_AT_ONCE = 5_000

/**
 * The temperature T that makes the log loss of p_k^(1/T) / Σ_j p_j^(1/T) smallest: dividing all logits by it. Above 1
 * the model was too sure of itself, below 1 not sure enough; predicted classes stay as they are. Within
 * `TEMPERATURES`, at whose ends the best one may lie beyond; null without images. Probabilities are clipped from below
 * as for the log loss.
 *
 * The loss is convex in 1/T, so the zero of its slope is found by halving: n · classCount exponentials each time.
 *
 * Source: Guo et al., ICML 2017, section 4.2.
 */
export async function fitTemperature(
  predictions: LabelledPredictions,
  pause: () => Promise<unknown>,
): Promise<number | null> {
  const n = predictions.referenceIndices.length
  if (n === 0) return null
  const logs = predictions.probabilities.map((p) => Math.log(Math.max(p, Number.EPSILON)))
  const slope = async (b: number): Promise<number> => {
    let total = 0
    for (let from = 0; from < n; from += ROWS_AT_ONCE) {
      total += slopeOf(predictions, logs, b, { from, to: Math.min(n, from + ROWS_AT_ONCE) })
      await pause()
    }
    return total
  }
  let [low, high] = [1 / TEMPERATURES.highest, 1 / TEMPERATURES.lowest]
  if ((await slope(low)) >= 0) return 1 / low
  if ((await slope(high)) <= 0) return 1 / high
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2
    if ((await slope(middle)) > 0) high = middle
    else low = middle
  }
  return 2 / (low + high)
}

/** Of these rows' summed log loss at the inverse temperature b: Σ_i (Σ_k q_ik · ln p_ik − ln p_i,reference), q the scaled p. */
function slopeOf(
  { classCount, referenceIndices }: LabelledPredictions,
  logs: Float64Array,
  b: number,
  rows: { from: number; to: number },
): number {
  let total = 0
  for (let i = rows.from; i < rows.to; i++) {
    const from = i * classCount
    let largest = -Infinity
    for (let k = from; k < from + classCount; k++) largest = Math.max(largest, logs[k] as number)
    let weights = 0
    let sum = 0
    for (let k = from; k < from + classCount; k++) {
      const log = logs[k] as number
      const weight = Math.exp(b * (log - largest))
      weights += weight
      sum += weight * log
    }
    total += sum / weights - (logs[from + (referenceIndices[i] as number)] as number)
  }
  return total
}

/** The same predictions at this temperature. */
export function scaleByTemperature<P extends Pick<LabelledPredictions, 'classCount' | 'probabilities'>>(
  predictions: P,
  temperature: number,
): P {
  const { classCount, probabilities } = predictions
  const scaled = probabilities.map((p) => Math.max(p, Number.EPSILON))
  for (let from = 0; from < scaled.length; from += classCount) {
    const own = scaled.subarray(from, from + classCount)
    const largest = own.reduce((a, b) => Math.max(a, b), 0)
    let sum = 0
    for (let k = 0; k < classCount; k++) {
      const weight = ((own[k] as number) / largest) ** (1 / temperature)
      own[k] = weight
      sum += weight
    }
    for (let k = 0; k < classCount; k++) own[k] = (own[k] as number) / sum
  }
  return { ...predictions, probabilities: scaled }
}
