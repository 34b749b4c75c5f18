import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reference } from '#tests/reference/reference-values.ts'
import { accuracy } from './accuracy.ts'
import { cohenKappa } from './cohen-kappa.ts'
import { type ConfusionMatrix, confusionMatrix, confusionTotals } from './confusion-matrix.ts'
import { macroF1 } from './macro-f1.ts'
import { mcc } from './mcc.ts'
import { perClassRates } from './per-class-rates.ts'

const CLASSES = 4
const pairs = fc.array(fc.tuple(fc.nat(CLASSES - 1), fc.nat(CLASSES - 1)), { maxLength: 60 })

function matrixOf(images: readonly (readonly [number, number])[]): ConfusionMatrix {
  return confusionMatrix({
    classCount: CLASSES,
    referenceIndices: Int32Array.from(images, ([r]) => r),
    predictedIndices: Int32Array.from(images, ([, p]) => p),
    probabilities: new Float64Array(images.length * CLASSES),
  })
}

test('sums to the images in rows, columns and all', () => {
  fc.assert(
    fc.property(pairs, (images) => {
      const totals = confusionTotals(matrixOf(images))
      expect(totals.total).toBe(images.length)
      for (let k = 0; k < CLASSES; k++) {
        expect(totals.references[k]).toBe(images.filter(([r]) => r === k).length)
        expect(totals.predictions[k]).toBe(images.filter(([, p]) => p === k).length)
        expect(totals.correct[k]).toBe(images.filter(([r, p]) => r === k && p === k).length)
      }
    }),
  )
})

test('gives the rates that counting the images one by one gives', () => {
  fc.assert(
    fc.property(pairs, (images) => {
      const count = (keeps: (r: number, p: number) => boolean) =>
        images.filter(([r, p]) => keeps(r, p)).length
      perClassRates(matrixOf(images)).forEach((rates, k) => {
        if (count((r) => r === k) === 0) {
          expect(rates.specificity.trials).toBe(0)
          return
        }
        const tp = count((r, p) => r === k && p === k)
        const fp = count((r, p) => r !== k && p === k)
        const fn = count((r, p) => r === k && p !== k)
        const tn = count((r, p) => r !== k && p !== k)
        expect(rates).toEqual({
          sensitivity: { successes: tp, trials: tp + fn },
          specificity: { successes: tn, trials: tn + fp },
          ppv: { successes: tp, trials: tp + fp },
          npv: { successes: tn, trials: tn + fn },
          f1: (2 * tp) / (2 * tp + fp + fn),
        })
      })
    }),
  )
})

test('gives correlations between −1 and 1, or null', () => {
  fc.assert(
    fc.property(pairs, (images) => {
      for (const value of [mcc(matrixOf(images)), cohenKappa(matrixOf(images))]) {
        if (value !== null) expect(Math.abs(value)).toBeLessThanOrEqual(1 + 1e-12)
      }
    }),
  )
})

test('gives the kappa of the three-class table', () => {
  // statsmodels.stats.inter_rater.cohens_kappa([[45,3,2],[5,30,5],[1,4,25]]).kappa
  const counts = Float64Array.from(reference.cohenKappa.counts.flat())
  expect(cohenKappa({ classCount: 3, counts })).toBeCloseTo(reference.cohenKappa.value, 12)
  expect(accuracy({ classCount: 3, counts })).toEqual({ successes: 100, trials: 120 })
})

test('leaves a class without images out of macro F1, and its false positives in the others', () => {
  // Four images of class 0, of which one is called class 1, which has none.
  const matrix = matrixOf([
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 1],
  ])
  expect(macroF1(perClassRates(matrix))).toBeCloseTo(6 / 7, 15)
  expect(mcc(matrix)).toBeNull()
})

test('is exactly 1 in correlation for a million right images', () => {
  const counts = Float64Array.of(333_333, 0, 0, 666_667)
  expect(mcc({ classCount: 2, counts })).toBe(1)
  expect(cohenKappa({ classCount: 2, counts })).toBe(1)
})
