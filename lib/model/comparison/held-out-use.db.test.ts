import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ABC, type ComparisonBench, openComparisonBench, rowsOf } from '#tests/support/test-comparisons.ts'
import { getHeldOutUse, selectionOptimism } from './held-out-use.ts'

let bench: ComparisonBench
beforeAll(async () => {
  bench = await openComparisonBench()
})
afterAll(() => bench.close())

test('counts the looks at a dataset, and the versions that looked', async () => {
  const use = () => getHeldOutUse({ db: bench.db }, { dataset: 'held-out' })
  expect(await use()).toEqual({ runs: 0, versions: 0, firstAt: null, lastAt: null })
  const begun = Date.now()
  for (const wrong of [3, 4, 5])
    await bench.importVersion(
      'held-out',
      ABC,
      rowsOf(30, (i) => i % wrong === 0),
    )
  await bench.importVersion(
    'other',
    ABC,
    rowsOf(9, () => false),
  )
  const { firstAt, lastAt, ...counts } = await use()
  expect(counts).toEqual({ runs: 3, versions: 3 })
  expect(firstAt?.getTime()).toBeGreaterThanOrEqual(begun - 1000)
  expect(lastAt?.getTime()).toBeGreaterThanOrEqual(firstAt?.getTime() ?? Number.POSITIVE_INFINITY)
})

describe('the optimism of choosing the best', () => {
  test('is the expected maximum times the standard error', () => {
    // 1.5387527 · √(0.9 · 0.1 / 900)
    expect(selectionOptimism({ value: 0.9, n: 900 }, 10)).toBeCloseTo(0.015387527, 6)
    expect(selectionOptimism({ value: 0.9, n: 900 }, 1)).toBeCloseTo(0, 12)
  })
  test('is undefined without images or versions', () => {
    expect(selectionOptimism({ value: null, n: 0 }, 3)).toBeNull()
    expect(selectionOptimism({ value: 0.9, n: 900 }, 0)).toBeNull()
  })
})
