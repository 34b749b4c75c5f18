import { describe, expect, test } from 'vitest'
import { argmax } from '#lib/statistics/argmax.ts'
import { seededRandom } from '#lib/statistics/seeded-random.ts'
import { comparison } from '#tests/reference/comparison-values.ts'
import { columns, golden } from '#tests/reference/reference-values.ts'
import { coverageMargin, repetitions } from '#tests/support/repetitions.ts'
import { bootstrapDifferences } from './bootstrap-differences.ts'
import { compareVersions, comparisonResamples } from './compare-versions.ts'
import type { PairedPredictions } from './paired-predictions.ts'

const pause = async () => {}
const labels = { baseline: 'lung-vit v1', candidate: 'lung-vit v2' }
const classes = golden.P1[0]?.map((_, k) => `class-${k}`) ?? []
const noPatients = new Array<null>(golden.y.length).fill(null)

function pair(
  baseline: number[][],
  candidate: number[][],
  patients: (string | null)[] = noPatients,
): PairedPredictions {
  const first = columns(golden.y, baseline.map(argmax), baseline)
  const second = columns(golden.y, candidate.map(argmax), candidate)
  return { classes, referenceIndices: first.referenceIndices, baseline: first, candidate: second, patients }
}

const compareGolden = (options: { seed?: number; resamples?: number } = {}) =>
  compareVersions(pair(golden.P1, golden.P2), { labels, pause, ...options })

function expectClose(actual: number | null | undefined, expected: number): void {
  expect(actual).toBeTypeOf('number')
  expect(Math.abs((actual as number) - expected), `${actual} ≠ ${expected}`).toBeLessThan(1e-9)
}

describe('the nine-class fixture', () => {
  test('has every number that SciPy, scikit-learn and statsmodels give', async () => {
    const compared = await compareGolden()
    const expected = comparison.golden
    expect(compared.n).toBe(270)
    expect(compared.classesPresent).toBe(9)
    expect(compared.paired).toEqual(expected.counts)
    expectClose(compared.difference.value, expected.difference)
    expectClose(compared.difference.low, expected.newcombe[0])
    expectClose(compared.difference.high, expected.newcombe[1])
    expectClose(compared.mcnemar.exactP, golden.expected.mcnemar.exact_p)
    expectClose(compared.mcnemar.midP, golden.expected.mcnemar.midp)
    expectClose(compared.versionsKappa, golden.expected.kappa_models)
    expectClose(compared.macroF1Difference.value, expected.macroF1Difference)
    expectClose(compared.macroAurocDifference.value, expected.macroAurocDifference)
    expectClose(compared.smallestDetectableDifference, expected.smallestDetectableDifference as number)
    for (const [m, metrics] of [compared.baselineMetrics, compared.candidateMetrics].entries()) {
      expectClose(metrics.accuracy.value, golden.expected.acc[m] as number)
      expectClose(metrics.accuracy.low, golden.expected.wilson[m]?.[0] as number)
      expectClose(metrics.accuracyExact.low, golden.expected.clopper_pearson[m]?.[0] as number)
      expectClose(metrics.accuracyExact.high, golden.expected.clopper_pearson[m]?.[1] as number)
      expectClose(metrics.macroF1, golden.expected.macro_f1[m] as number)
      expectClose(metrics.macroAuroc, golden.expected.auroc_ovr_macro[m] as number)
    }
    expect(compared.confusion).toEqual({
      classes,
      baseline: golden.expected.confusion[0],
      candidate: golden.expected.confusion[1],
      delta: expected.confusionDelta,
    })
    compared.findingClasses.forEach((each, k) => {
      const row = expected.findingClasses[k] as (typeof expected.findingClasses)[number]
      expect(each).toMatchObject({ findingClass: `class-${k}`, n: row.n, paired: row.counts })
      expectClose(each.difference.value, row.difference)
      expectClose(each.difference.low, row.newcombe[0])
      expectClose(each.difference.high, row.newcombe[1])
      expectClose(each.p, row.p)
      expectClose(each.holmP, row.holmP)
    })
  })

  test('is called better, in words and with the numbers', async () => {
    const { verdict, headline, reasons, gate } = await compareGolden()
    expect(verdict).toBe('better')
    expect(headline).toBe(
      'lung-vit v2 is better than lung-vit v1: 91.5% against 81.5% of 270 images correct, a difference between +4.2 and +15.8 points.',
    )
    expect(reasons).toEqual([
      'The difference of +10.0 points has the 95% CI +4.2 to +15.8, which excludes 0.',
      '46 images became correct and 19 images became incorrect (exact McNemar p = 0.001).',
      'No finding class differs significantly (Holm correction for 9 classes); classes with few images may still differ.',
    ])
    expect(gate).toEqual({ passes: true, reasons: [] })
  })

  test('is called worse with the versions exchanged', async () => {
    const compared = await compareVersions(pair(golden.P2, golden.P1), { labels, pause })
    expect(compared.verdict).toBe('worse')
    expect(compared.headline).toContain('lung-vit v2 is worse than lung-vit v1')
    expect(compared.gate).toEqual({
      passes: false,
      reasons: [
        'The accuracy is 81.5%; the gate requires at least 85.0%.',
        "The accuracy may be 15.8 points below the baseline's (95% CI −15.8 to −4.2); the gate allows less than 5.0 points.",
      ],
    })
  })

  test('is undecided against itself, without an interval of zero width', async () => {
    const same = await compareVersions(pair(golden.P1, golden.P1), { labels, pause })
    expect(same.verdict).toBe('undecided')
    expect(same.difference.value).toBe(0)
    expect(same.difference.low).toBeLessThan(0)
    expect(same.macroF1Difference).toMatchObject({ value: 0, low: null, high: null })
    expect(same.mcnemar).toEqual({ exactP: 1, midP: 1 })
    expect(same.smallestDetectableDifference).toBeNull()
    expect(same.headline).toMatch(
      /^Undecided whether lung-vit v2 is better than lung-vit v1: 81.5% against 81.5%/,
    )
    expect(same.reasons).toContain('The versions are correct on the same images.')
    expect(same.reasons).toContain(
      'The versions disagree on too few of the 270 images to detect a difference reliably.',
    )
  })

  test('repeats its intervals for the same seed only', async () => {
    const [first, again, other] = [
      await compareGolden({ seed: 5, resamples: 200 }),
      await compareGolden({ seed: 5, resamples: 200 }),
      await compareGolden({ seed: 6, resamples: 200 }),
    ]
    expect(again).toEqual(first)
    expect(other.macroAurocDifference.low).not.toBe(first.macroAurocDifference.low)
    expect(first.macroF1Difference).toMatchObject({ resamples: 200, seed: 5 })
    expect(first.macroF1Difference.method).toBe('percentile bootstrap 95% CI by image, 200 resamples, seed 5')
  })

  test('warns where patients have several images and the difference is less sure by patient', async () => {
    const patients = golden.y.map((_, i) => `p${i % 4}`)
    const compared = await compareVersions(pair(golden.P1, golden.P2, patients), { labels, pause })
    expect(compared.patients).toBe(4)
    expect(compared.differenceByPatient?.method).toContain('by patient (4 patients)')
    expectClose(compared.differenceByPatient?.value, compared.difference.value as number)
    const plain = await compareGolden()
    expect(plain.differenceByPatient).toBeUndefined()
    expect(plain.patients).toBeNull()
  })
})

test('gives null for everything that no image tells', async () => {
  const none = { predictedIndices: new Int32Array(), probabilities: new Float64Array() }
  const compared = await compareVersions(
    {
      classes: ['a', 'b'],
      referenceIndices: new Int32Array(),
      baseline: none,
      candidate: none,
      patients: [],
    },
    { labels, pause },
  )
  expect(compared).toMatchObject({
    n: 0,
    difference: { value: null, low: null, high: null },
    macroF1Difference: { value: null, low: null, high: null },
    macroAurocDifference: { value: null },
    verdict: 'undecided',
    gate: { passes: false },
  })
  expect(compared.findingClasses.map(({ p, holmP }) => [p, holmP])).toEqual([
    [null, null],
    [null, null],
  ])
  expect(JSON.stringify(compared)).not.toContain('NaN')
})

test('leaves a class that no image has out of the macro averages', async () => {
  const references = Int32Array.of(0, 0, 1, 1, 0, 1)
  const answers = (predicted: number[]) => ({
    predictedIndices: Int32Array.from(predicted),
    probabilities: Float64Array.from(predicted.flatMap((k) => [0, 1, 2].map((c) => (c === k ? 0.8 : 0.1)))),
  })
  const compared = await compareVersions(
    {
      classes: ['a', 'b', 'c'],
      referenceIndices: references,
      baseline: answers([0, 0, 1, 2, 0, 1]),
      candidate: answers([0, 0, 1, 1, 0, 1]),
      patients: [null, null, null, null, null, null],
    },
    { labels, pause },
  )
  expect(compared.classesPresent).toBe(2)
  expectClose(compared.baselineMetrics.macroF1, (1 + 0.8) / 2)
  expect(compared.candidateMetrics.macroF1).toBe(1)
  expect(compared.findingClasses[2]).toMatchObject({ n: 0, p: null, difference: { value: null } })
})

test('stops when the pause rejects, and refuses columns that do not belong together', async () => {
  const stop = () => Promise.reject(new Error('cancelled'))
  await expect(compareVersions(pair(golden.P1, golden.P2), { labels, pause: stop })).rejects.toThrow(
    'cancelled',
  )
  const short = { ...pair(golden.P1, golden.P2), patients: [null] }
  await expect(compareVersions(short, { labels, pause })).rejects.toThrow(RangeError)
})

/** Two versions on clustered images of two classes: a patient is easy or hard for both, the candidate a little better. */
function drawStudy(patients: number, random: () => number): PairedPredictions {
  const references: number[] = []
  const answers = { baseline: [] as number[], candidate: [] as number[] }
  const names: string[] = []
  for (let patient = 0; patient < patients; patient++) {
    const reference = random() < 0.4 ? 1 : 0
    const hardness = random() < 0.5 ? 0.35 : 0.05
    for (let image = 0; image < 3; image++) {
      references.push(reference)
      names.push(`p${patient}`)
      answers.baseline.push(random() < hardness ? 1 - reference : reference)
      answers.candidate.push(random() < hardness * 0.7 ? 1 - reference : reference)
    }
  }
  const columnsOf = (predicted: number[]) => ({
    predictedIndices: Int32Array.from(predicted),
    probabilities: Float64Array.from(predicted.flatMap((k) => (k === 0 ? [0.75, 0.25] : [0.25, 0.75]))),
  })
  return {
    classes: ['a', 'b'],
    referenceIndices: Int32Array.from(references),
    baseline: columnsOf(answers.baseline),
    candidate: columnsOf(answers.candidate),
    patients: names,
  }
}

test('covers the true macro F1 and AUROC differences of clustered images in 95% of studies', async () => {
  const random = seededRandom(2007)
  const large = drawStudy(100_000, random)
  const truth = await bootstrapDifferences(large, {
    patientIndices: new Int32Array(large.referenceIndices.length),
    patientCount: 1,
    imagesWithPatient: 0,
    resamples: 0,
    seed: 1,
    pause,
  })
  const studies = repetitions({ always: 100, nightly: 1000 })
  const covered = { macroF1: 0, macroAuroc: 0 }
  for (let study = 0; study < studies; study++) {
    const drawn = drawStudy(100, random)
    const { macroF1Difference, macroAurocDifference } = await compareVersions(drawn, {
      labels,
      pause,
      resamples: 250,
      seed: study,
    })
    for (const [name, { low, high }] of [
      ['macroF1', macroF1Difference],
      ['macroAuroc', macroAurocDifference],
    ] as const) {
      const value = truth.differences[name].value as number
      if ((low as number) <= value && value <= (high as number)) covered[name] += 1
    }
  }
  for (const count of Object.values(covered)) {
    expect(Math.abs(count / studies - 0.95)).toBeLessThan(coverageMargin(studies))
  }
})

test('draws fewer resamples for large datasets', () => {
  expect([0, 270, 4000, 10_000, 1_000_000].map(comparisonResamples)).toEqual([1000, 1000, 1000, 400, 200])
})
