import { CsvError, parse } from 'csv-parse/browser/esm/sync'

/** A row with the line of the file on which it ends. */
export type CsvRow = { line: number; cells: string[] }

/** `notes` say what is not as in plain CSV, for the person who chose the file. */
export type Csv = { header: string[]; rows: CsvRow[]; notes: string[] }

const SAVE_AS_UTF8 =
  'In Excel save it as “CSV UTF-8 (Comma delimited)”, in pandas with to_csv(…, encoding="utf-8")'

const DELIMITERS = [
  [',', 'commas'],
  [';', 'semicolons'],
  ['\t', 'tabs'],
] as const

/**
 * A CSV as Excel, LibreOffice and pandas write it: UTF-8 with or without a byte order mark, commas, semicolons or tabs,
 * any line ends, empty rows. What is not UTF-8 is refused with the way out: a guess would damage names.
 */
export function readCsv(bytes: Uint8Array): Csv | { fault: string } {
  const text = decode(bytes)
  if (typeof text !== 'string') return text
  const { delimiter, stated } = delimiterOf(text)
  const parsed = parseRows(stated === null ? text : text.slice(stated), delimiter)
  if ('fault' in parsed) return parsed
  const linesBefore = stated === null ? 0 : 1
  const [header, ...rows] = parsed.rows
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
    .map(({ line, cells }) => ({ line: line + linesBefore, cells }))
  const name = DELIMITERS.find(([each]) => each === delimiter)?.[1]
  const notes = delimiter === ',' ? [] : [`The columns are separated by ${name}.`]
  return { header: (header?.cells ?? []).map((cell) => cell.trim().normalize('NFC')), rows, notes }
}

function decode(bytes: Uint8Array): string | { fault: string } {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return { fault: `The file is UTF-16, not UTF-8. ${SAVE_AS_UTF8}.` }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { fault: `The file is not UTF-8. ${SAVE_AS_UTF8}.` }
  }
  if (!text.includes('\uFFFD')) return text
  const line = text.slice(0, text.indexOf('\uFFFD')).split('\n').length
  return {
    fault: `Line ${line}: a character was lost (�) when the file was saved before. Export it again from where it came. ${SAVE_AS_UTF8}.`,
  }
}

/** Excel may state it in a first line `sep=;`; else what stands most often in the first line, outside of quotes. */
function delimiterOf(text: string): { delimiter: string; stated: number | null } {
  const statement = /^sep=(.)\r?\n/.exec(text)
  if (statement?.[1] !== undefined) return { delimiter: statement[1], stated: statement[0].length }
  const line = (/\S.*/.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '')
  const counted = DELIMITERS.map(([delimiter]) => ({ delimiter, count: line.split(delimiter).length }))
  const most = counted.reduce((best, each) => (each.count > best.count ? each : best))
  return { delimiter: most.delimiter, stated: null }
}

function parseRows(text: string, delimiter: string): { rows: CsvRow[] } | { fault: string } {
  try {
    const options = { bom: true, skip_empty_lines: true, info: true, delimiter } as const
    // The library's types do not say what `info` makes of a row.
    const rows = parse(text, options) as unknown as { info: { lines: number }; record: string[] }[]
    return { rows: rows.map(({ info, record }) => ({ line: info.lines, cells: record })) }
  } catch (error) {
    if (error instanceof CsvError) return { fault: `This is not a CSV file: ${error.message}.` }
    throw error
  }
}
