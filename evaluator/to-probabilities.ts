import { softmax } from '#lib/statistics/softmax.ts'

/** Rounding of float32, and of float16 behind it, stays below. */
export const FLOAT_SUM_TOLERANCE = 1e-3
/** A model of 8 bits says a probability in steps of 1/256: each may be off by half a step, all in one direction. */
const EIGHT_BIT_ERROR = 1 / 512
/** Beyond this, with very many classes, a sum no longer tells probabilities from other numbers. */
const MOST_SUM_TOLERANCE = 0.5
/** A zero as arithmetic may leave it. */
const NEGATIVE_ZERO = -1e-6

/** Probabilities from one image's output, or null where the output is none (not finite, no distribution). */
export function toProbabilities(values: Float32Array, kind: 'logits' | 'probabilities'): Float64Array | null {
  if (!values.every(Number.isFinite)) return null
  if (kind === 'logits') return softmax(values)
  const sum = sumOf(values)
  if (Math.abs(sum - 1) > sumTolerance(values.length) || values.some((value) => value < NEGATIVE_ZERO))
    return null
  const kept = Float64Array.from(values, (value) => Math.max(value, 0))
  const keptSum = sumOf(kept)
  return kept.map((value) => value / keptSum)
}

/** How far from 1 the probabilities of so many classes may add up; they are divided by their sum. */
export function sumTolerance(classes: number): number {
  return Math.max(FLOAT_SUM_TOLERANCE, Math.min(classes * EIGHT_BIT_ERROR, MOST_SUM_TOLERANCE))
}

export function sumOf(values: Float32Array | Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
