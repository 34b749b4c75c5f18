import { stringify } from 'csv-stringify/sync'

/** Rows as CSV (RFC 4180); a text that a spreadsheet would take for a formula gets an apostrophe. */
export function csvText(rows: readonly (string | number | null)[][]): string {
  return stringify([...rows], { escape_formulas: true, record_delimiter: 'windows' })
}

/** A page of these takes some 50 ms, in which the process does nothing else. */
const PAGE_CELLS = 20_000
const MOST_PAGE_ROWS = 2_000

/** How many rows of so many columns an export makes at a time. */
export function csvPageRows(columns: number): number {
  return Math.min(MOST_PAGE_ROWS, Math.max(1, Math.floor(PAGE_CELLS / columns)))
}
