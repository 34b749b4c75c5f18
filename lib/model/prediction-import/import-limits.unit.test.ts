import { expect, test } from 'vitest'
import { MOST_PREDICTIONS, refuseLargeImport } from './import-limits.ts'

const sized = (rows: number, classes: number) => ({
  modelVersion: { findingClasses: new Array(classes).fill('c') },
  predictions: new Array(rows).fill(null),
})

test.each([
  [15_000, 1000],
  [1501, 1000],
  [400_000, 2],
  [MOST_PREDICTIONS + 1, 10],
  [166_667, 9],
])('refuses %i predictions of %i classes before they are looked at', (rows, classes) => {
  expect(() => refuseLargeImport(sized(rows, classes))).toThrow(
    expect.objectContaining({ kind: 'TOO_LARGE', code: 'TOO_MANY_PREDICTIONS' }),
  )
})

test.each([
  [1500, 1000],
  [MOST_PREDICTIONS, 10],
  [MOST_PREDICTIONS, 2],
])('lets %i predictions of %i classes pass', (rows, classes) => {
  expect(() => refuseLargeImport(sized(rows, classes))).not.toThrow()
})

test.each([null, 7, 'x', [], {}, { predictions: 7 }, { modelVersion: null, predictions: [] }])(
  'leaves %j, which is no import, to the schema',
  (given) => {
    expect(() => refuseLargeImport(given)).not.toThrow()
  },
)
