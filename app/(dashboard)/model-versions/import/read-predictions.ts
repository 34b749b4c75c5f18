import { type CsvRow, readCsv } from '#app/_data/read-csv.ts'
import { type Column, chooseClasses } from './choose-classes.ts'
import { hasDecimalComma, probabilityOf } from './probability.ts'

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
  | {
      findingClasses: string[]
      predictions: ReadPrediction[]
      /** Lines without a prediction. */
      leftOut: number
      /** Columns that were taken for no finding class, */
      leftOutColumns: string[]
      /** and all that may be one or not. */
      askedColumns: string[]
      /** How the file was read where it is no plain CSV. */
      notes: string[]
    }
  | { faults: string[] }

const REQUIRED = ['imageKey', 'referenceClass'] as const
/** What the service's own exports hold beside the probabilities, */
const EXPORTED = ['predictedClass', 'status', 'code'] as const
const KNOWN = new Set<string>([...REQUIRED, 'patient', ...EXPORTED])
const SHOWN_FAULTS = 5

/**
 * A CSV with the columns `imageKey`, `referenceClass`, perhaps `patient`, and one column of probabilities for each
 * finding class: also what an evaluation exports. Rows whose `status` is `error` are left out. `stated` says which of the
 * asked columns are finding classes.
 */
export function readPredictions(bytes: Uint8Array, stated: readonly string[] | null = null): ReadFile {
  const csv = readCsv(bytes)
  if ('fault' in csv) return { faults: [csv.fault] }
  const names = csv.header.map(unescaped)
  const candidates = names.filter((name) => !KNOWN.has(name) && name !== '')
  const faults = headerFaults(names, candidates)
  if (faults.length > 0) return { faults }
  if (csv.rows.length === 0) return { faults: ['The file has no line of predictions below its header.'] }
  const cellOf = ({ cells }: CsvRow, name: string) => unescaped(cells[names.indexOf(name)] ?? '').trim()
  const rows = csv.rows.filter((row) => cellOf(row, 'status') !== 'error')
  const choice = chooseClasses(
    candidates.map((name) => columnOf(name, names.indexOf(name), rows)),
    classesNamed(rows, cellOf, candidates, names),
    stated,
  )
  if (choice.findingClasses.length < 2) return { faults: [TOO_FEW_CLASSES] }
  const read = readRows(rows, names, choice.findingClasses, cellOf)
  if ('faults' in read) return read
  const usesComma = rows.some(({ cells }) =>
    choice.findingClasses.some((name) => hasDecimalComma(cells[names.indexOf(name)] ?? '')),
  )
  return {
    findingClasses: choice.findingClasses,
    predictions: read.predictions,
    leftOut: csv.rows.length - rows.length,
    leftOutColumns: choice.leftOut,
    askedColumns: choice.asked,
    notes: [...csv.notes, ...(usesComma ? ['Commas in numbers were read as decimal points.'] : [])],
  }
}

const TOO_FEW_CLASSES = 'At least two columns of probabilities are needed, one per finding class.'

function headerFaults(names: readonly string[], candidates: readonly string[]): string[] {
  const missing = REQUIRED.filter((name) => !names.includes(name))
  const twice = names.filter((name, at) => name !== '' && names.indexOf(name) !== at)
  return [
    ...missing.map((name) => `The column ${name} is missing.`),
    ...twice.map((name) => `The column ${name} appears twice.`),
    ...(missing.length === 0 && candidates.length < 2 ? [TOO_FEW_CLASSES] : []),
  ]
}

function columnOf(name: string, at: number, rows: readonly CsvRow[]): Column {
  return { name, values: rows.map(({ cells }) => probabilityOf(cells[at] ?? '')) }
}

type CellOf = (row: CsvRow, name: string) => string

/** The candidates that some row names as its class; in an export of this service all are classes. */
function classesNamed(
  rows: readonly CsvRow[],
  cellOf: CellOf,
  candidates: readonly string[],
  names: readonly string[],
): Set<string> {
  if (EXPORTED.every((name) => names.includes(name))) return new Set(candidates)
  return new Set(
    rows
      .flatMap((row) => [cellOf(row, 'referenceClass'), cellOf(row, 'predictedClass')])
      .map((name) => name.normalize('NFC')),
  )
}

function readRows(
  rows: readonly CsvRow[],
  names: readonly string[],
  findingClasses: readonly string[],
  cellOf: CellOf,
): { predictions: ReadPrediction[] } | { faults: string[] } {
  const columns = findingClasses.map((name) => names.indexOf(name))
  const known = new Set(findingClasses)
  const faults: string[] = []
  const predictions = rows.map((row): ReadPrediction => {
    const { line, cells } = row
    const imageKey = unescaped(cells[names.indexOf('imageKey')] ?? '')
    const referenceClass = cellOf(row, 'referenceClass').normalize('NFC')
    const probabilities = columns.map((column) => probabilityOf(cells[column] ?? ''))
    const wrong = probabilities.findIndex(Number.isNaN)
    if (imageKey === '') faults.push(`Line ${line}: imageKey is empty.`)
    else if (!known.has(referenceClass))
      faults.push(`Line ${line}: the reference class “${referenceClass}” has no column.`)
    else if (wrong !== -1)
      faults.push(
        `Line ${line}: “${cells[columns[wrong] as number]}” under ${findingClasses[wrong]} is not a number from 0 to 1.`,
      )
    const patient = cellOf(row, 'patient')
    return { line, imageKey, referenceClass, probabilities, ...(patient === '' ? {} : { patient }) }
  })
  if (faults.length > SHOWN_FAULTS)
    return { faults: [...faults.slice(0, SHOWN_FAULTS), `And ${faults.length - SHOWN_FAULTS} more.`] }
  return faults.length > 0 ? { faults } : { predictions }
}

/** Exports put an apostrophe before what a spreadsheet would take for a formula. */
function unescaped(cell: string): string {
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell
}
