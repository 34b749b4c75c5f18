import { describe, expect, test } from 'vitest'
import { seededRandom } from '#lib/statistics/seeded-random.ts'
import { comparison } from '#tests/reference/comparison-values.ts'
import { holmAdjusted } from './holm.ts'
import { mcNemar } from './mcnemar.ts'
import { differenceStatistic, newcombePairedInterval, pairedDifference } from './newcombe-paired-interval.ts'
import { countPairs } from './paired-counts.ts'
import type { PairedCounts } from './schema.ts'
import { smallestDetectableDifference } from './smallest-detectable-difference.ts'

/** The 99.5% point of the standard normal distribution, by scipy.stats.norm.ppf. */
const Z_99 = 2.5758293035489004

const NOTHING: PairedCounts = { bothRight: 0, baselineOnly: 0, candidateOnly: 0, bothWrong: 0 }

function expectClose(actual: number | null, expected: number | null, tolerance = 1e-9): void {
  if (expected === null) {
    expect(actual).toBeNull()
  } else {
    expect(actual).toBeTypeOf('number')
    expect(Math.abs((actual as number) - expected), `${actual} ≠ ${expected}`).toBeLessThan(tolerance)
  }
}

describe.each(comparison.tables.map((row) => ({ name: Object.values(row.counts).join(' '), row })))(
  'the table $name',
  ({ row }) => {
    test('has Newcombe’s interval at 95 and 99%', () => {
      const { low, high } = newcombePairedInterval(row.counts)
      expectClose(low, row.newcombe[0])
      expectClose(high, row.newcombe[1])
      const wide = newcombePairedInterval(row.counts, Z_99)
      expectClose(wide.low, row.newcombe99[0])
      expectClose(wide.high, row.newcombe99[1])
      expectClose(pairedDifference(row.counts), row.difference)
    })
    test('has McNemar’s p-values', () => {
      expectClose(mcNemar(row.counts).exactP, row.exactP)
      expectClose(mcNemar(row.counts).midP, row.midP)
    })
    test('finds differences from this size on', () => {
      expectClose(smallestDetectableDifference(row.counts), row.smallestDetectableDifference)
    })
  },
)

test('gives the interval that Newcombe’s paper prints', () => {
  // Table of the examples, method 10: 36, 12, 2, 0 of 50 → 0.0569 to 0.3404
  const { low, high } = newcombePairedInterval({
    bothRight: 36,
    candidateOnly: 12,
    baselineOnly: 2,
    bothWrong: 0,
  })
  expect([low?.toFixed(4), high?.toFixed(4)]).toEqual(['0.0569', '0.3404'])
})

test.each([
  [8, 21, 0.02411954, 0.0161248],
  [1, 9, 0.02148438, 0.01171875],
  [12, 3, 0.03515625, 0.02127075],
  [30, 52, 0.01982692, 0.0152322],
  [5, 5, 1, 1],
  [0, 0, 1, 1],
])(
  'gives the published p-values for %i and %i discordant images',
  (baselineOnly, candidateOnly, exactP, midP) => {
    expectClose(mcNemar({ baselineOnly, candidateOnly }).exactP, exactP, 5e-9)
    expectClose(mcNemar({ baselineOnly, candidateOnly }).midP, midP, 5e-9)
    expect(mcNemar({ baselineOnly: candidateOnly, candidateOnly: baselineOnly })).toEqual(
      mcNemar({ baselineOnly, candidateOnly }),
    )
  },
)

test('says nothing of no images', () => {
  expect(differenceStatistic(NOTHING)).toMatchObject({ value: null, low: null, high: null, n: 0 })
  expect(smallestDetectableDifference(NOTHING)).toBeNull()
})

test('turns the interval round with the versions', () => {
  const counts = { bothRight: 40, baselineOnly: 7, candidateOnly: 12, bothWrong: 3 }
  const { low, high } = newcombePairedInterval(counts)
  const turned = newcombePairedInterval({ ...counts, baselineOnly: 12, candidateOnly: 7 })
  expectClose(turned.low, -(high as number), 1e-15)
  expectClose(turned.high, -(low as number), 1e-15)
})

test('adjusts p-values as statsmodels does, and passes over classes without one', () => {
  for (const { p, adjusted } of comparison.holm)
    holmAdjusted(p).forEach((each, index) => {
      expectClose(each, adjusted[index] ?? null)
    })
  expect(holmAdjusted([0.01, null, 0.04])).toEqual([0.02, null, 0.04])
  expect(holmAdjusted([null])).toEqual([null])
})

test('states a difference that really is found in about four comparisons out of five', () => {
  // By the exact distribution of the counts.
  for (const { power } of comparison.powers) expect(Math.abs(power - 0.8)).toBeLessThan(0.04)
  // And by simulation, with the test that the product shows.
  const { n, discordantRatio, difference } = comparison.powers[0] as (typeof comparison.powers)[number]
  const random = seededRandom(80)
  let found = 0
  const studies = 2000
  for (let study = 0; study < studies; study++) {
    const counts = drawCounts(
      n,
      {
        candidateOnly: (discordantRatio + difference) / 2,
        baselineOnly: (discordantRatio - difference) / 2,
        bothRight: 0.6,
      },
      random,
    )
    if (mcNemar(counts).midP < 0.05) found += 1
  }
  expect(Math.abs(found / studies - 0.8)).toBeLessThan(0.04)
})

type Chances = { candidateOnly: number; baselineOnly: number; bothRight: number }

function drawCounts(n: number, chances: Chances, random: () => number): PairedCounts {
  const counts = { ...NOTHING }
  for (let image = 0; image < n; image++) {
    const at = random()
    if (at < chances.candidateOnly) counts.candidateOnly += 1
    else if (at < chances.candidateOnly + chances.baselineOnly) counts.baselineOnly += 1
    else if (at < chances.candidateOnly + chances.baselineOnly + chances.bothRight) counts.bothRight += 1
    else counts.bothWrong += 1
  }
  return counts
}

test.each([
  [270, { candidateOnly: 0.17, baselineOnly: 0.07, bothRight: 0.74 }],
  [60, { candidateOnly: 0.1, baselineOnly: 0.1, bothRight: 0.7 }],
  [1000, { candidateOnly: 0.03, baselineOnly: 0.02, bothRight: 0.9 }],
  [100, { candidateOnly: 0.3, baselineOnly: 0.1, bothRight: 0.3 }],
])('covers the true difference in 93–97 %% of studies of %i images', (n, chances) => {
  const random = seededRandom(1998)
  const truth = chances.candidateOnly - chances.baselineOnly
  const studies = 3000
  let covered = 0
  for (let study = 0; study < studies; study++) {
    const { low, high } = newcombePairedInterval(drawCounts(n, chances, random))
    if ((low as number) <= truth && truth <= (high as number)) covered += 1
  }
  expect(covered / studies).toBeGreaterThan(0.93)
  expect(covered / studies).toBeLessThan(0.97)
})

test('finds a difference where there is none in at most 5% of studies', () => {
  const random = seededRandom(1947)
  const studies = 3000
  let exact = 0
  let mid = 0
  for (let study = 0; study < studies; study++) {
    const { exactP, midP } = mcNemar(
      drawCounts(150, { candidateOnly: 0.08, baselineOnly: 0.08, bothRight: 0.7 }, random),
    )
    if (exactP < 0.05) exact += 1
    if (midP < 0.05) mid += 1
  }
  expect(exact / studies).toBeLessThan(0.05)
  expect(mid / studies).toBeLessThan(0.06)
  expect(mid / studies).toBeGreaterThan(exact / studies)
})

test('counts who was right, over all images and over those of one class', () => {
  const references = Int32Array.of(0, 0, 0, 0, 1, 1)
  const baseline = { predictedIndices: Int32Array.of(0, 0, 1, 1, 1, 0) }
  const candidate = { predictedIndices: Int32Array.of(0, 1, 0, 1, 1, 1) }
  expect(countPairs(references, baseline, candidate)).toEqual({
    bothRight: 2,
    baselineOnly: 1,
    candidateOnly: 2,
    bothWrong: 1,
  })
  expect(countPairs(references, baseline, candidate, (reference) => reference === 1)).toEqual({
    bothRight: 1,
    baselineOnly: 0,
    candidateOnly: 1,
    bothWrong: 0,
  })
})
