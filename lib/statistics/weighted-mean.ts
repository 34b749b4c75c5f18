/**
 * Σ wᵢ xᵢ / Σ wᵢ; without weights the plain mean. Weights are the multiplicities of a bootstrap resample.
 * Domain: values finite, weights ≥ 0. Null when the weights sum to 0, as for no values at all.
 *
 * Example: [1, 3] → 2; [1, 3] with weights [3, 1] → 1.5
 */
export function weightedMean(values: Float64Array, weights?: Int32Array): number | null {
  let sum = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const weight = weights === undefined ? 1 : (weights[i] as number)
    sum += weight * (values[i] as number)
    total += weight
  }
  return total === 0 ? null : sum / total
}
