/**
 * The position of the largest value; on a tie the lowest position, as in NumPy, so that evaluator, trainer and
 * imported predictions name the same class.
 * Domain: at least one value, none of them NaN.
 *
 * Example: [0.2, 0.4, 0.4] → 1
 */
export function argmax(values: ArrayLike<number>): number {
  if (values.length === 0) throw new RangeError('argmax of no values')
  let best = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (Number.isNaN(value)) throw new RangeError(`argmax: value ${i} is NaN`)
    if (value > (values[best] as number)) best = i
  }
  return best
}
