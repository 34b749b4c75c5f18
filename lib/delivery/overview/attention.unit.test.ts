import { describe, expect, it } from 'vitest'
import type { VersionEvaluation } from '#lib/model/registry/schema.ts'
import { proportionStatistic } from '#lib/statistics/wilson-interval.ts'
import { compareWithPredecessor, describeStatistic, findWeakClasses } from './attention.ts'

const sensitivity = (findingClass: string, successes: number, trials: number) => ({
  findingClass,
  sensitivity: proportionStatistic({ successes, trials }),
})

describe('findWeakClasses', () => {
  it('names the classes far below the others, the weakest first', () => {
    const classes = [
      sensitivity('a', 95, 100),
      sensitivity('b', 96, 100),
      sensitivity('c', 60, 100),
      sensitivity('d', 50, 100),
      sensitivity('e', 97, 100),
    ]
    expect(findWeakClasses(classes).map(({ weak, far }) => [weak.findingClass, far])).toEqual([
      ['d', true],
      ['c', true],
    ])
  })
  it('names the lowest where none is far below', () => {
    const classes = [sensitivity('a', 95, 100), sensitivity('b', 92, 100), sensitivity('c', 94, 100)]
    expect(findWeakClasses(classes)).toMatchObject([{ weak: { findingClass: 'b' }, far: false }])
  })
  it.each([
    ['no class', []],
    ['one class alone', [sensitivity('a', 5, 10)]],
    ['classes without images', [sensitivity('a', 0, 0), sensitivity('b', 0, 0)]],
    ['classes without a fault', [sensitivity('a', 9, 9), sensitivity('b', 9, 9)]],
  ])('says nothing of %s', (_name, classes) => {
    expect(findWeakClasses(classes)).toEqual([])
  })
})

describe('compareWithPredecessor', () => {
  const of = (successes: number, trials: number) =>
    ({ accuracy: proportionStatistic({ successes, trials }) }) as VersionEvaluation
  it.each([
    ['worse', of(700, 1000), of(800, 1000)],
    ['undecided', of(90, 100), of(92, 100)],
    ['not-worse', of(92, 100), of(90, 100)],
    ['not-worse', of(90, 100), of(90, 100)],
    ['not-worse', of(0, 0), of(90, 100)],
  ] as const)('is %s', (verdict, newer, older) => {
    expect(compareWithPredecessor(newer, older)).toBe(verdict)
  })
})

it('describes a statistic with its interval and sample size', () => {
  expect(describeStatistic(proportionStatistic({ successes: 92, trials: 100 }))).toBe(
    '92.0% (95% CI 85.0–95.9%, 100 images)',
  )
  expect(describeStatistic(proportionStatistic({ successes: 0, trials: 0 }))).toBe('– (0 images)')
})
