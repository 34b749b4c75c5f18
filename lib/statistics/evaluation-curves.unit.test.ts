import { describe, expect, test } from 'vitest'
import { columns, golden, reference } from '#tests/reference/reference-values.ts'
import { argmax } from './argmax.ts'
import { type EvaluationCurves, evaluationCurves } from './evaluation-curves.ts'
import { rankScores } from './ranked-scores.ts'
import { MAX_ROC_POINTS, rocCurve } from './roc-curve.ts'
import { seededRandom } from './seeded-random.ts'

type Point = readonly [number, number]
const pause = async () => {}

function ratesOf({ points, positives, negatives }: EvaluationCurves['roc'][number]): Point[] {
  return points.map(([fp, tp]) => [fp / negatives, tp / positives] as const)
}

/** The trapezoids under a curve. */
function areaUnder(points: readonly Point[]): number {
  return points
    .slice(1)
    .reduce((sum, [x, y], i) => sum + ((x - (points[i]?.[0] ?? 0)) * (y + (points[i]?.[1] ?? 0))) / 2, 0)
}

/** How far a point lies from the nearest line of a curve. */
function distanceTo(curve: readonly Point[], [x, y]: Point): number {
  return Math.min(
    ...curve.slice(1).map(([x1, y1], i) => {
      const [x0, y0] = curve[i] as Point
      const squared = (x1 - x0) ** 2 + (y1 - y0) ** 2
      const along = Math.max(0, Math.min(1, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / squared))
      return Math.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0))
    }),
  )
}

describe('reference cases', () => {
  test.each(reference.cases)('agree with scikit-learn and statsmodels: $name', async (reference) => {
    const curves = await evaluationCurves(
      reference.classes,
      columns(reference.references, reference.predicted, reference.probabilities),
      pause,
    )
    const { reliability, calibrationCurve, roc, confidence } = reference.curves
    expect(curves.n).toBe(reference.references.length)
    expect(curves.reliability.ece).toBeCloseTo(reference.expected.overall.ece ?? Number.NaN, 12)
    for (const [i, bar] of reliability.entries()) {
      const { n, meanConfidence, accuracy, interval } = curves.reliability.bins[i] ?? {}
      expect(n).toBe(bar.n)
      for (const [actual, expected] of [
        [meanConfidence, bar.meanConfidence],
        [accuracy, bar.accuracy],
        [interval?.low ?? null, bar.interval?.low ?? null],
        [interval?.high ?? null, bar.interval?.high ?? null],
      ]) {
        if (typeof expected === 'number') expect(actual).toBeCloseTo(expected, 12)
        else expect(actual).toBeNull()
      }
    }
    if (calibrationCurve !== null) {
      const filled = curves.reliability.bins.filter(({ n }) => n > 0)
      expect(filled).toHaveLength(calibrationCurve[0].length)
      for (const [i, bin] of filled.entries()) {
        expect(bin.meanConfidence).toBeCloseTo(calibrationCurve[0][i] ?? Number.NaN, 12)
        expect(bin.accuracy).toBeCloseTo(calibrationCurve[1][i] ?? Number.NaN, 12)
      }
    }
    expect(curves.confidence.map(({ right, wrong }) => ({ right, wrong }))).toEqual(confidence)
    for (const [k, wanted] of roc.entries()) {
      const curve = curves.roc[k] as EvaluationCurves['roc'][number]
      expect(curve.findingClass).toBe(reference.classes[k])
      if (wanted === null) {
        expect(curve).toMatchObject({ auroc: null, points: [] })
        continue
      }
      const rates = ratesOf(curve)
      expect([rates[0], rates.at(-1)]).toEqual([
        [0, 0],
        [1, 1],
      ])
      // Nothing is lost by thinning so short a curve, and nothing is added.
      for (const point of wanted) expect(distanceTo(rates, point)).toBeLessThan(1e-12)
      for (const [x, y] of rates)
        expect(Math.min(...wanted.map(([fx, ty]) => Math.hypot(fx - x, ty - y)))).toBeLessThan(1e-12)
    }
  })

  test('are many enough to have compared calibration curves with those of scikit-learn', () => {
    expect(reference.cases.filter(({ curves }) => curves.calibrationCurve !== null).length).toBeGreaterThan(2)
  })
})

test('the area under each drawn curve of the nine-class fixture is its AUROC', async () => {
  const classes = golden.expected.confusion[0].map((_, k) => `class-${k}`)
  const curves = await evaluationCurves(classes, columns(golden.y, golden.P1.map(argmax), golden.P1), pause)
  for (const [k, curve] of curves.roc.entries())
    expect(areaUnder(ratesOf(curve))).toBeCloseTo(golden.expected.auroc_per_class[0][k] ?? Number.NaN, 12)
  expect(curves.reliability.ece).toBeCloseTo(golden.expected.ece15[0], 12)
})

test('a curve of fifty thousand images keeps within a three-hundredth of itself in 200 points', () => {
  const random = seededRandom(3)
  const n = 50_000
  const referenceIndices = Int32Array.from({ length: n }, () => (random() < 0.2 ? 1 : 0))
  const probabilities = new Float64Array(2 * n)
  for (let i = 0; i < n; i++) {
    const score = (random() + random() + (referenceIndices[i] === 1 ? 0.6 : 0)) / 2.6
    probabilities.set([1 - score, score], 2 * i)
  }
  const predictions = {
    classCount: 2,
    referenceIndices,
    predictedIndices: new Int32Array(n),
    probabilities,
  }
  const ranked = rankScores(predictions, 1)
  const rates = (curve: ReturnType<typeof rocCurve>) => ratesOf({ ...curve, findingClass: 'x', auroc: null })
  const whole = rates(rocCurve(ranked, n + 1))
  const thinned = rates(rocCurve(ranked))
  expect(whole.length).toBeGreaterThan(10_000)
  expect(thinned).toHaveLength(MAX_ROC_POINTS)
  const farthest = Math.max(
    ...whole.filter((_, i) => i % 13 === 0).map((point) => distanceTo(thinned, point)),
  )
  expect(farthest).toBeLessThan(1 / 300)
  expect(areaUnder(thinned)).toBeCloseTo(areaUnder(whole), 4)
})

test('an evaluation without images has no curve and no bar', async () => {
  const curves = await evaluationCurves(['a', 'b'], columns([], [], []), pause)
  expect(curves).toMatchObject({ n: 0, reliability: { ece: null }, roc: [{ points: [] }, { points: [] }] })
  expect(
    curves.reliability.bins.every(({ accuracy, interval }) => accuracy === null && interval === null),
  ).toBe(true)
})
