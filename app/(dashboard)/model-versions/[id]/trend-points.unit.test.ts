import { expect, it } from 'vitest'
import { type Evaluated, trendPoints, trendsOf } from './trend-points.ts'

const evaluated = (dataset: string, finishedAt: string, value: number): Evaluated => ({
  dataset,
  finishedAt,
  n: 40,
  accuracy: { value, low: 0.1, high: 0.9, n: 40, method: 'Wilson 95% CI' },
})
const lastFirst = [
  evaluated('test', '2026-03-05T10:00:00Z', 0.5),
  evaluated('final_eval', '2026-03-04T16:30:00Z', 0.9),
  evaluated('final_eval', '2026-03-04T09:05:00Z', 0.8),
]

it('a dataset of one evaluation has no trend', () => {
  expect(trendsOf(lastFirst)).toEqual(['final_eval'])
})

it('goes from the oldest to the newest, telling two of one day apart', () => {
  expect(trendPoints(lastFirst, 'final_eval').map(({ label, value }) => [label, value])).toEqual([
    ['4 Mar, 09:05', 0.8],
    ['4 Mar, 16:30', 0.9],
  ])
  expect(trendPoints(lastFirst, 'test').map(({ label }) => label)).toEqual(['5 Mar'])
})
