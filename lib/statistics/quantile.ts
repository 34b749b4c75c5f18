/**
 * The value below which a share p of the sorted values lies, interpolated linearly between neighbours at
 * position p (n − 1): type 7 of Hyndman & Fan, NumPy's and R's default.
 * Domain: at least one value, ascending; 0 ≤ p ≤ 1.
 *
 * Source: Hyndman & Fan, The American Statistician 1996, 50:361.
 * Example: [1, 2, 3, 4], p = 0.5 → 2.5
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0 || !(p >= 0 && p <= 1))
    throw new RangeError(`quantile ${p} of ${sorted.length} values`)
  const position = p * (sorted.length - 1)
  const below = Math.floor(position)
  const lower = sorted[below] as number
  const upper = sorted[Math.ceil(position)] as number
  return lower + (upper - lower) * (position - below)
}
