import { CsvError, parse } from 'csv-parse/browser/esm/sync'

/** A user's table of images: a value of each column by image key; empty cells are left out. */
export type ImageTable = {
  columns: string[]
  valuesOf: (column: string) => { imageKey: string; value: string }[]
}

const LONGEST_VALUE = 200

/** A CSV with the column `imageKey` and at least one more. */
export function readImageTable(text: string): ImageTable | { fault: string } {
  let lines: string[][]
  try {
    lines = parse(text, { bom: true, skip_empty_lines: true, trim: true })
  } catch (error) {
    if (error instanceof CsvError) return { fault: `This is no CSV: ${error.message}.` }
    throw error
  }
  const [header = [], ...rows] = lines
  const key = header.indexOf('imageKey')
  if (key === -1) return { fault: 'The column imageKey is missing.' }
  const columns = header.filter((name) => name !== 'imageKey' && name !== '')
  if (columns.length === 0) return { fault: 'There is no column beside imageKey.' }
  return {
    columns,
    valuesOf: (column) => {
      const at = header.indexOf(column)
      return rows.flatMap((cells) => {
        const [imageKey, value] = [cells[key] ?? '', (cells[at] ?? '').slice(0, LONGEST_VALUE)]
        return imageKey === '' || value === '' ? [] : [{ imageKey, value }]
      })
    },
  }
}
