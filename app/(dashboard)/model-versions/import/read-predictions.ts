import { CsvError, parse } from 'csv-parse/browser/esm/sync'

/** One line of the file; `line` is where it stands there. */
export type ReadPrediction = {
  line: number
  imageKey: string
  referenceClass: string
  patient?: string
  /** In the order of `findingClasses`. */
  probabilities: number[]
}

export type ReadFile =
  | { findingClasses: string[]; predictions: ReadPrediction[]; leftOut: number }
  | { faults: string[] }

const REQUIRED = ['imageKey', 'referenceClass'] as const
/** What the service's own exports hold beside the probabilities. */
const KNOWN = new Set<string>([...REQUIRED, 'patient', 'predictedClass', 'status', 'code'])
const SHOWN_FAULTS = 5

/**
 * A CSV with the columns `imageKey`, `referenceClass`, perhaps `patient`, and one column of probabilities for each
 * finding class: also what an evaluation exports. Rows whose `status` is `error` are left out.
 */
export function readPredictions(text: string): ReadFile {
  const rows = parseRows(text)
  if ('fault' in rows) return { faults: [rows.fault] }
  const [header, ...lines] = rows.rows
  const names = (header?.cells ?? []).map((name) => unescaped(name.trim()).normalize('NFC'))
  const findingClasses = names.filter((name) => !KNOWN.has(name) && name !== '')
  const faults = headerFaults(names, findingClasses)
  if (faults.length > 0) return { faults }
  if (lines.length === 0) return { faults: ['The file has no line of predictions below its header.'] }
  return readLines(names, findingClasses, lines)
}

/** Each with the line of the file on which it ends. */
type FileRow = { line: number; cells: string[] }

function parseRows(text: string): { rows: FileRow[] } | { fault: string } {
  try {
    const options = { bom: true, skip_empty_lines: true, info: true } as const
    // The library's types do not say what `info` makes of a row.
    const rows = parse(text, options) as unknown as { info: { lines: number }; record: string[] }[]
    return { rows: rows.map(({ info, record }) => ({ line: info.lines, cells: record })) }
  } catch (error) {
    if (error instanceof CsvError) return { fault: `This is no CSV: ${error.message}.` }
    throw error
  }
}

function headerFaults(names: readonly string[], findingClasses: readonly string[]): string[] {
  const missing = REQUIRED.filter((name) => !names.includes(name))
  const twice = names.filter((name, at) => name !== '' && names.indexOf(name) !== at)
  return [
    ...missing.map((name) => `The column ${name} is missing.`),
    ...twice.map((name) => `The column ${name} appears twice.`),
    ...(missing.length === 0 && findingClasses.length < 2
      ? ['At least two columns of probabilities are needed, one per finding class.']
      : []),
  ]
}

function readLines(names: string[], findingClasses: string[], lines: FileRow[]): ReadFile {
  const at = (name: string) => names.indexOf(name)
  const [key, reference, patient, status] = ['imageKey', 'referenceClass', 'patient', 'status'].map(at) as [
    number,
    number,
    number,
    number,
  ]
  const columns = findingClasses.map(at)
  const faults: string[] = []
  const predictions: ReadPrediction[] = []
  let leftOut = 0
  for (const { line, cells } of lines) {
    if (cells[status] === 'error') {
      leftOut += 1
      continue
    }
    const imageKey = unescaped(cells[key] ?? '')
    const referenceClass = unescaped(cells[reference] ?? '').normalize('NFC')
    const probabilities = columns.map((column) => probabilityOf(cells[column]))
    const wrong = probabilities.findIndex(Number.isNaN)
    if (imageKey === '') faults.push(`Line ${line}: imageKey is empty.`)
    else if (!findingClasses.includes(referenceClass))
      faults.push(`Line ${line}: the reference class “${referenceClass}” has no column.`)
    else if (wrong !== -1)
      faults.push(
        `Line ${line}: “${cells[columns[wrong] as number]}” under ${findingClasses[wrong]} is not a number from 0 to 1.`,
      )
    const named = patient === -1 ? '' : unescaped(cells[patient] ?? '')
    predictions.push({
      line,
      imageKey,
      referenceClass,
      probabilities,
      ...(named === '' ? {} : { patient: named }),
    })
  }
  if (faults.length > SHOWN_FAULTS)
    return { faults: [...faults.slice(0, SHOWN_FAULTS), `And ${faults.length - SHOWN_FAULTS} more.`] }
  if (faults.length > 0) return { faults }
  return { findingClasses, predictions, leftOut }
}

function probabilityOf(cell: string | undefined): number {
  const value = cell === undefined || cell.trim() === '' ? Number.NaN : Number(cell)
  return value >= 0 && value <= 1 ? value : Number.NaN
}

/** Exports put an apostrophe before what a spreadsheet would take for a formula. */
function unescaped(cell: string): string {
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell
}
