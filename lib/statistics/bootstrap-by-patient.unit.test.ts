import { expect, test } from 'vitest'
import { coverageMargin, repetitions } from '#tests/support/repetitions.ts'
import { bootstrapByPatient } from './bootstrap-by-patient.ts'
import { indexPatients } from './patient-index.ts'
import { percentileInterval } from './percentile-interval.ts'
import { seededRandom } from './seeded-random.ts'
import { weightedMean } from './weighted-mean.ts'
import { wilsonInterval } from './wilson-interval.ts'

const pause = async () => {}

function resampleWeights(seed: number) {
  return bootstrapByPatient({
    ...indexPatients(['p', null, 'p', 'q', null]),
    resamples: 20,
    random: seededRandom(seed),
    statistic: (weights) => Array.from(weights),
    pause,
  })
}

test('numbers patients in order and lets an image without one stand for itself', () => {
  const { patientIndices, patientCount, imagesWithPatient } = indexPatients(['p', null, 'q', 'p', null])
  expect([...patientIndices]).toEqual([0, 1, 2, 0, 3])
  expect([patientCount, imagesWithPatient]).toEqual([4, 3])
})

test('draws all images of a patient together, as many patients as there are', async () => {
  for (const [p1, alone1, p2, q, alone2] of await resampleWeights(3)) {
    expect(p2).toBe(p1)
    expect((p1 ?? 0) + (alone1 ?? 0) + (q ?? 0) + (alone2 ?? 0)).toBe(4)
  }
})

test('repeats itself for the same seed only', async () => {
  expect(await resampleWeights(3)).toEqual(await resampleWeights(3))
  expect(await resampleWeights(4)).not.toEqual(await resampleWeights(3))
})

test('lets the event loop run while it works', async () => {
  let pauses = 0
  await bootstrapByPatient({
    ...indexPatients(new Array<null>(50_000).fill(null)),
    resamples: 20,
    random: seededRandom(1),
    statistic: () => null,
    pause: async () => {
      pauses++
    },
  })
  expect(pauses).toBe(5)
})

test('pauses after each resample that costs much, as one of a thousand classes does', async () => {
  let pauses = 0
  await bootstrapByPatient({
    ...indexPatients(new Array<null>(1000).fill(null)),
    resamples: 20,
    random: seededRandom(1),
    statistic: () => null,
    workPerImage: 2000,
    pause: async () => {
      pauses++
    },
  })
  expect(pauses).toBe(20)
})

/** Patients differ in how hard their images are: accuracy 0.8 on average, 0.6 or 1 for a single patient. */
function clusteredOutcomes(patients: number, random: () => number) {
  const patientOf: string[] = []
  const right: number[] = []
  for (let patient = 0; patient < patients; patient++) {
    const accuracy = random() < 0.5 ? 0.6 : 1
    const images = 1 + Math.floor(random() * 8)
    for (let image = 0; image < images; image++) {
      patientOf.push(`p${patient}`)
      right.push(random() < accuracy ? 1 : 0)
    }
  }
  return { patients: indexPatients(patientOf), right: Float64Array.from(right) }
}

test('covers the true accuracy of clustered images in 95 % of studies, where Wilson covers less', async () => {
  const random = seededRandom(2026)
  const studies = repetitions({ always: 200, nightly: 1000 })
  let covered = 0
  let coveredByWilson = 0
  const holds = ({ low, high }: { low: number | null; high: number | null }) =>
    low !== null && high !== null && low <= 0.8 && 0.8 <= high ? 1 : 0
  for (let study = 0; study < studies; study++) {
    const { patients, right } = clusteredOutcomes(120, random)
    const resampled = await bootstrapByPatient({
      ...patients,
      resamples: 400,
      random,
      statistic: (weights) => weightedMean(right, weights),
      pause,
    })
    covered += holds(percentileInterval(resampled))
    const successes = right.reduce((sum, one) => sum + one, 0)
    coveredByWilson += holds(wilsonInterval({ successes, trials: right.length }))
  }
  expect(Math.abs(covered / studies - 0.95)).toBeLessThan(coverageMargin(studies))
  expect(coveredByWilson / studies).toBeLessThan(0.91)
})

test('gives no interval where the statistic is undefined in more than 5 % of the resamples', () => {
  const values = Array.from({ length: 94 }, (_, i) => i / 100)
  expect(percentileInterval([...values, ...new Array<null>(6).fill(null)])).toEqual({ low: null, high: null })
  expect(percentileInterval([...values, ...new Array<null>(4).fill(null)]).low).toBeCloseTo(0.02325, 12)
})

test('gives no interval of zero width', () => {
  expect(percentileInterval([1, 1, 1, 1])).toEqual({ low: null, high: null })
  expect(percentileInterval([])).toEqual({ low: null, high: null })
})
