const DECIMAL = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i
/** What float32 adds to or takes from 0 and 1; the service allows as much. */
const NOISE = 1e-6

/** The number in a cell, with a decimal point or comma; NaN where it is no probability. */
export function probabilityOf(cell: string): number {
  const text = cell.trim()
  if (!DECIMAL.test(text)) return Number.NaN
  const value = Number(text.replace(',', '.'))
  return value >= -NOISE && value <= 1 + NOISE ? Math.min(1, Math.max(0, value)) : Number.NaN
}

export function hasDecimalComma(cell: string): boolean {
  return cell.includes(',') && DECIMAL.test(cell.trim())
}
