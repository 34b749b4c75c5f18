import { stringify } from 'csv-stringify/sync'

/** Rows as CSV (RFC 4180); a text that a spreadsheet would take for a formula gets an apostrophe. */
export function csvText(rows: readonly (string | number | null)[][]): string {
  return stringify([...rows], { escape_formulas: true, record_delimiter: 'windows' })
}
