import { softmax } from '#lib/statistics/softmax.ts'

/** How far the float32 probabilities of a model may be from a sum of 1. */
const SUM_TOLERANCE = 1e-3

/** Probabilities from one image's output, or null where the output is none (not finite, no distribution). */
export function toProbabilities(values: Float32Array, kind: 'logits' | 'probabilities'): Float64Array | null {
  if (!values.every(Number.isFinite)) return null
  if (kind === 'logits') return softmax(values)
  const sum = values.reduce((total, value) => total + value, 0)
  if (Math.abs(sum - 1) > SUM_TOLERANCE || values.some((value) => value < 0)) return null
  return Float64Array.from(values, (value) => value / sum)
}
