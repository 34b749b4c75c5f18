import { describe, expect, test } from 'vitest'
import { columns, golden, reference } from '#tests/reference/reference-values.ts'
import { argmax } from './argmax.ts'
import { defaultResamples, evaluationMetrics } from './evaluation-metrics.ts'
import type { EvaluationMetrics } from './schema.ts'

const TOLERANCE = 1e-9
const pause = async () => {}

/** Every number of `expected`, wherever it stands, is in `actual` within the tolerance; null only for null. */
function expectNumbers(actual: unknown, expected: unknown, path = ''): void {
  if (typeof expected === 'number') {
    expect(actual, path).toBeTypeOf('number')
    expect(Math.abs((actual as number) - expected), `${path}: ${actual} ≠ ${expected}`).toBeLessThan(
      TOLERANCE,
    )
  } else if (expected === null) {
    expect(actual, path).toBeNull()
  } else {
    for (const [key, value] of Object.entries(expected as object)) {
      expectNumbers((actual as Record<string, unknown>)[key], value, `${path}.${key}`)
    }
  }
}

function unknownPatients(n: number): null[] {
  return new Array<null>(n).fill(null)
}

describe('the nine-class fixture', () => {
  const classes = golden.expected.confusion[0].map((_, k) => `class-${k}`)

  test.each([
    ['first', golden.P1, 0],
    ['second', golden.P2, 1],
  ] as const)('agrees with scikit-learn for the %s model', async (_, probabilities, m) => {
    const predictions = columns(golden.y, probabilities.map(argmax), probabilities)
    const metrics = await evaluationMetrics({
      classes,
      predictions,
      patients: unknownPatients(golden.y.length),
      errors: 0,
      pause,
    })
    const { expected } = golden
    expectNumbers(metrics.overall, {
      accuracy: expected.acc[m],
      balancedAccuracy: expected.balanced_acc[m],
      macroF1: expected.macro_f1[m],
      macroAuroc: expected.auroc_ovr_macro[m],
      weightedAuroc: expected.auroc_ovr_weighted[m],
      mcc: expected.mcc[m],
      cohenKappa: expected.kappa_truth[m],
      ece: expected.ece15[m],
      classwiseEce: expected.classwise_ece15[m],
      logLoss: expected.logloss[m],
      brier: expected.brier_sum[m],
    })
    expect(metrics.confusion).toEqual({ classes, counts: expected.confusion[m] })
    expectNumbers(
      metrics.findingClasses.map(({ auroc }) => auroc),
      expected.auroc_per_class[m],
    )
    const [low, high] = expected.wilson[m]
    expectNumbers(metrics.intervals.accuracy, { value: expected.acc[m], low, high, n: 270 })
    expect(metrics.n).toBe(270)
    expect(metrics.classesPresent).toBe(9)
    for (const { value, low, high, method } of [metrics.intervals.macroAuroc, metrics.intervals.mcc]) {
      expect(low).toBeLessThan(value as number)
      expect(high).toBeGreaterThan(value as number)
      expect(method).toBe('percentile bootstrap 95% CI by image, 1000 resamples, seed 1')
    }
  })
})

describe('reference cases', () => {
  test.each(reference.cases)('agrees with scikit-learn: $name', async (reference) => {
    const metrics = await evaluationMetrics({
      classes: reference.classes,
      predictions: columns(reference.references, reference.predicted, reference.probabilities),
      patients: unknownPatients(reference.references.length),
      errors: 3,
      resamples: 50,
      pause,
    })
    const { accuracyWilson, confusion, ...expected } = reference.expected
    expectNumbers(metrics, expected)
    expect(metrics.confusion).toEqual({ classes: reference.classes, counts: confusion })
    expectNumbers(metrics.intervals.accuracy, { low: accuracyWilson[0], high: accuracyWilson[1] })
    expect(metrics.errors).toBe(3)
    expect(JSON.parse(JSON.stringify(metrics))).toEqual(metrics)
    expectSameValues(metrics)
  })

  /** The number in the table and the number beside its interval are the same number. */
  function expectSameValues({ overall, findingClasses, withinModality, intervals }: EvaluationMetrics) {
    const {
      findingClasses: classIntervals,
      withinModality: modalityIntervals,
      ...overallIntervals
    } = intervals
    for (const [name, interval] of Object.entries(overallIntervals)) {
      expect(interval?.value, name).toBe(overall[name as keyof typeof overall])
    }
    for (const { findingClass, n, ...values } of findingClasses) {
      for (const [name, { value }] of Object.entries(classIntervals[findingClass] ?? {})) {
        expect(value, `${findingClass} ${name}`).toBe(values[name as keyof typeof values])
      }
    }
    for (const [modality, { accuracy, macroAuroc }] of Object.entries(withinModality)) {
      expect(modalityIntervals[modality]?.accuracy.value).toBe(accuracy)
      expect(modalityIntervals[modality]?.macroAuroc.value).toBe(macroAuroc)
    }
  }
})

const TWO = { classes: ['a', 'b'], errors: 0, resamples: 200, pause }
const RIGHT_AND_WRONG = columns(
  [0, 0, 0, 1, 1, 1],
  [0, 0, 1, 1, 1, 0],
  [0.9, 0.8, 0.3, 0.2, 0.1, 0.6].map((p) => [p, 1 - p]),
)

test('gives null for every rate of a run in which all images failed', async () => {
  const metrics = await evaluationMetrics({
    ...TWO,
    predictions: columns([], [], []),
    patients: [],
    errors: 7,
  })
  expect(metrics).toMatchObject({ n: 0, errors: 7, classesPresent: 0 })
  expect(new Set(Object.values(metrics.overall))).toEqual(new Set([null]))
  expect(metrics.intervals.accuracy).toEqual({
    value: null,
    low: null,
    high: null,
    n: 0,
    method: 'Wilson 95% CI',
  })
  expect(metrics.intervals.mcc).toMatchObject({ value: null, low: null, high: null, n: 0 })
  expect(metrics.confusion.counts).toEqual([
    [0, 0],
    [0, 0],
  ])
  expect(metrics.calibration.bins).toHaveLength(15)
})

test('keeps classes that are named like parts of Object', async () => {
  const classes = ['__proto__', 'constructor']
  const metrics = await evaluationMetrics({
    ...TWO,
    classes,
    predictions: RIGHT_AND_WRONG,
    patients: unknownPatients(6),
  })
  const { findingClasses } = JSON.parse(JSON.stringify(metrics.intervals)) as typeof metrics.intervals
  expect(Object.keys(findingClasses)).toEqual(classes)
  for (const name of classes) expect(findingClasses[name]?.accuracy).toMatchObject({ value: 2 / 3, n: 3 })
  expect(Object.keys(metrics.withinModality)).toEqual(['chest-xray', 'oct'])
})

test('adds the accuracy by patient only where a patient has several images', async () => {
  const run = (patients: (string | null)[]) =>
    evaluationMetrics({ ...TWO, predictions: RIGHT_AND_WRONG, patients }).then(({ intervals }) => intervals)

  const several = await run(['p', 'p', 'q', 'r', 'r', null])
  expect(several.accuracyByPatient).toMatchObject({ value: 4 / 6, n: 6 })
  expect(several.mcc.method).toBe(
    'percentile bootstrap 95% CI by patient (3 patients, 1 images without one), 200 resamples, seed 1',
  )
  const oneEach = await run(['p', 'q', 'r', 's', 't', 'u'])
  expect(oneEach.accuracyByPatient).toBeUndefined()
  expect(oneEach.mcc.method).toContain('by patient (6 patients)')
})

test('gives the same intervals for the same seed and others for another', async () => {
  const run = (seed: number) =>
    evaluationMetrics({ ...TWO, predictions: RIGHT_AND_WRONG, patients: unknownPatients(6), seed })
  const [first, again, other] = [await run(5), await run(5), await run(6)]
  expect(again).toEqual(first)
  expect(other.intervals.logLoss.low).not.toBe(first.intervals.logLoss.low)
})

test('counts as errors of a modality what is predicted as a class of another', async () => {
  const metrics = await evaluationMetrics({
    ...TWO,
    classes: ['lung-normal', 'lung-oct-cnv'],
    predictions: RIGHT_AND_WRONG,
    patients: unknownPatients(6),
  })
  expect(metrics.withinModality.oct).toMatchObject({
    n: 3,
    classesPresent: 1,
    accuracy: 2 / 3,
    macroAuroc: null,
    crossModalityPredictions: 1,
  })
})

test('follows the model card where it names a modality of its own', async () => {
  const metrics = await evaluationMetrics({
    ...TWO,
    cardModalities: { b: 'ultrasound' },
    predictions: RIGHT_AND_WRONG,
    patients: unknownPatients(6),
  })
  expect(Object.keys(metrics.withinModality)).toEqual(['chest-xray', 'oct', 'ultrasound'])
  expect(metrics.withinModality.ultrasound?.n).toBe(3)
})

test('stops when the pause rejects', async () => {
  const stop = () => Promise.reject(new Error('cancelled'))
  await expect(
    evaluationMetrics({ ...TWO, predictions: RIGHT_AND_WRONG, patients: unknownPatients(6), pause: stop }),
  ).rejects.toThrow('cancelled')
})

test.each([
  ['a class that does not exist', columns([2], [0], [[0.5, 0.5]])],
  ['a probability that is not a number', columns([0], [0], [[Number.NaN, 0.5]])],
  ['a probability above 1', columns([0], [0], [[1.5, 0]])],
  ['columns of different lengths', columns([0, 1], [0], [[0.5, 0.5]])],
])('refuses %s', async (_, predictions) => {
  const patients = unknownPatients(predictions.referenceIndices.length)
  await expect(evaluationMetrics({ ...TWO, predictions, patients })).rejects.toThrow(RangeError)
})

test('draws fewer resamples for very large runs', () => {
  expect([0, 270, 20_000, 40_000, 1_000_000].map(defaultResamples)).toEqual([1000, 1000, 1000, 500, 200])
})
