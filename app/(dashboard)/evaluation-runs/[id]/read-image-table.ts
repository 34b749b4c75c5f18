import { readCsv } from '#app/_data/read-csv.ts'

/** A user's table of images: a value of each column by image key; empty cells are left out. */
export type ImageTable = {
  columns: string[]
  /** How the file was read where it is no plain CSV. */
  notes: string[]
  valuesOf: (column: string) => { imageKey: string; value: string }[]
}

const LONGEST_VALUE = 200

/** A CSV with the column `imageKey` and at least one more. */
export function readImageTable(bytes: Uint8Array): ImageTable | { fault: string } {
  const csv = readCsv(bytes)
  if ('fault' in csv) return csv
  const { header, rows, notes } = csv
  const key = header.indexOf('imageKey')
  if (key === -1) return { fault: 'The column imageKey is missing.' }
  const columns = [...new Set(header.filter((name) => name !== 'imageKey' && name !== ''))]
  if (columns.length === 0) return { fault: 'There is no column beside imageKey.' }
  return {
    columns,
    notes,
    valuesOf: (column) => {
      const at = header.indexOf(column)
      return rows.flatMap(({ cells }) => {
        const [imageKey, value] = [
          (cells[key] ?? '').trim(),
          (cells[at] ?? '').trim().slice(0, LONGEST_VALUE),
        ]
        return imageKey === '' || value === '' ? [] : [{ imageKey, value }]
      })
    },
  }
}
