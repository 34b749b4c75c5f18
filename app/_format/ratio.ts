/** What stands for an undefined number. */
export const UNDEFINED_NUMBER = '–'

/** 0.8512 → "85.1%"; null → "–". */
export function formatRatio(ratio: number | null | undefined, digits = 1): string {
  if (ratio === null || ratio === undefined) return UNDEFINED_NUMBER
  return `${(ratio * 100).toFixed(digits)}%`
}

/** A ratio in percentage points: 0.021 → "2.1 points". */
export function formatPoints(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} points`
}

/** An interval of ratios: "82.4–87.6%"; "–" where there is none. */
export function formatRatioInterval(
  interval: { low: number | null; high: number | null },
  digits = 1,
): string {
  if (interval.low === null || interval.high === null) return UNDEFINED_NUMBER
  return `${(interval.low * 100).toFixed(digits)}–${(interval.high * 100).toFixed(digits)}%`
}

/** 12345 → "12,345". */
export function formatCount(count: number | null | undefined): string {
  return count === null || count === undefined ? UNDEFINED_NUMBER : count.toLocaleString('en-GB')
}

/** A number that is not a ratio, such as MCC or log loss: "0.842". */
export function formatNumber(value: number | null | undefined, digits = 3): string {
  return value === null || value === undefined ? UNDEFINED_NUMBER : value.toFixed(digits)
}

/** A difference of two ratios in percentage points, with its sign: 0.021 → "+2.1", −0.021 → "−2.1". */
export function formatDifference(difference: number | null | undefined, digits = 1): string {
  if (difference === null || difference === undefined) return UNDEFINED_NUMBER
  const text = (Math.abs(difference) * 100).toFixed(digits)
  if (Number(text) === 0) return text
  return difference < 0 ? `−${text}` : `+${text}`
}

/** An interval of differences: "−0.4 to +3.6"; "–" where there is none. */
export function formatDifferenceInterval(interval: { low: number | null; high: number | null }): string {
  if (interval.low === null || interval.high === null) return UNDEFINED_NUMBER
  return `${formatDifference(interval.low)} to ${formatDifference(interval.high)}`
}

/** A p value; below a thousandth, only that: "0.012", "< 0.001". */
export function formatPValue(p: number | null | undefined): string {
  if (p === null || p === undefined) return UNDEFINED_NUMBER
  return p < 0.001 ? '< 0.001' : p.toFixed(3)
}
