/**
 * Probabilities from logits: p_k = exp(x_k) / Σ_j exp(x_j), in float64 also for float32 logits.
 * The largest logit is subtracted first, which changes nothing but keeps exp from overflowing.
 * Domain: at least one logit, all finite (a non-finite output is an error row of the run, never a probability).
 * Range 0–1, summing to 1 within rounding.
 *
 * Example: [0, ln 3] → [0.25, 0.75]
 */
export function softmax(logits: ArrayLike<number>): Float64Array {
  const probabilities = Float64Array.from(logits)
  if (probabilities.length === 0) throw new RangeError('softmax of no logits')
  let largest = -Infinity
  for (const logit of probabilities) {
    if (!Number.isFinite(logit)) throw new RangeError(`softmax of a logit that is ${logit}`)
    if (logit > largest) largest = logit
  }
  let sum = 0
  for (let k = 0; k < probabilities.length; k++) {
    const exponential = Math.exp((probabilities[k] as number) - largest)
    probabilities[k] = exponential
    sum += exponential
  }
  for (let k = 0; k < probabilities.length; k++) probabilities[k] = (probabilities[k] as number) / sum
  return probabilities
}
