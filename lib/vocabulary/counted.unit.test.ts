import { expect, test } from 'vitest'
import { counted } from './counted.ts'

test('gives a count its noun in the right number', () => {
  expect([0, 1, 2, 12_000].map((count) => counted(count, 'file'))).toEqual([
    '0 files',
    '1 file',
    '2 files',
    '12,000 files',
  ])
  expect([1, 2].map((count) => counted(count, 'finding class', 'finding classes'))).toEqual([
    '1 finding class',
    '2 finding classes',
  ])
})
