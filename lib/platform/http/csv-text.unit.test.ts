import { expect, it } from 'vitest'
import { csvPageRows } from './csv-text.ts'

it.each([
  [9, 2_000],
  [1_000, 20],
  [2_011, 9],
  [100_000, 1],
])('a page of %i columns has %i rows', (columns, rows) => expect(csvPageRows(columns)).toBe(rows))
