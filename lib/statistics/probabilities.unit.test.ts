import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columns, reference } from '#tests/reference/reference-values.ts'
import { argmax } from './argmax.ts'
import { ascendingOrder } from './ascending-order.ts'
import { brierScores } from './brier-score.ts'
import { logLosses } from './log-loss.ts'
import { quantile } from './quantile.ts'
import { seededRandom, xoshiro128StarStar } from './seeded-random.ts'
import { softmax } from './softmax.ts'
import { weightedMean } from './weighted-mean.ts'

describe('softmax', () => {
  // scipy.special.softmax(float32 logits as float64)
  test.each(reference.softmax)('agrees with SciPy', ({ logits, probabilities }) => {
    softmax(Float32Array.from(logits)).forEach((p, k) => {
      expect(p).toBeCloseTo(probabilities[k] as number, 14)
    })
  })

  test('does not overflow, and gives two equal largest logits a half each', () => {
    expect([...softmax([3e38, 3e38, 0])]).toEqual([0.5, 0.5, 0])
    expect([...softmax([-3e38, -3e38])]).toEqual([0.5, 0.5])
  })

  test.each([Number.NaN, Infinity, -Infinity])('refuses a logit that is %d', (logit) => {
    expect(() => softmax([0, logit])).toThrow(RangeError)
  })
})

test('argmax takes the lowest index of a tie and refuses NaN', () => {
  expect(argmax([0.2, 0.4, 0.4])).toBe(1)
  expect(argmax([-3, -1, -2])).toBe(1)
  expect(() => argmax([0.5, Number.NaN])).toThrow(RangeError)
  expect(() => argmax([])).toThrow(RangeError)
})

test('log loss clips at the float64 epsilon', () => {
  // sklearn.metrics.log_loss([0], [[0, 1]], labels=[0, 1]) and ([1], …)
  const certain = columns(
    [0, 1],
    [1, 1],
    [0, 1].map(() => [0, 1]),
  )
  const [wrong, right] = logLosses({ ...certain, classCount: 2 })
  expect(wrong).toBeCloseTo(36.04365338911715, 12)
  expect((right as number) / 2.220446049250313e-16).toBeCloseTo(1, 12)
})

test('Brier is the sum over the classes', () => {
  // sklearn.metrics.brier_score_loss([0], [[.7, .2, .1]], labels=[0, 1, 2], scale_by_half=False)
  const scores = brierScores({ ...columns([0], [0], [[0.7, 0.2, 0.1]]), classCount: 3 })
  expect(weightedMean(scores)).toBeCloseTo(0.14, 15)
})

test('quantiles agree with NumPy', () => {
  const { sorted, points } = reference.quantiles
  for (const { p, value } of points) expect(quantile(sorted, p)).toBeCloseTo(value, 14)
  expect(() => quantile([], 0.5)).toThrow(RangeError)
})

test('the order of scores is a stable sort', () => {
  const anyScore = fc.oneof(fc.constantFrom(0, -0, 0.5, 5e-324), fc.double({ min: 0, noNaN: true }))
  fc.assert(
    fc.property(fc.array(anyScore, { maxLength: 80 }), (scores) => {
      const expected = scores.map((_, i) => i).sort((a, b) => (scores[a] as number) - (scores[b] as number))
      expect([...ascendingOrder(Float64Array.from(scores))]).toEqual(expected)
    }),
  )
})

describe('seeded random', () => {
  test('draws the words of the published generator', () => {
    const { state, words } = reference.xoshiro128StarStar
    const random = xoshiro128StarStar(state)
    for (const word of words) expect(random() * 2 ** 32).toBe(word)
  })

  test('spreads evenly over ten bins, for seeds that are neighbours too', () => {
    for (const seed of [0, 1, 2]) {
      const random = seededRandom(seed)
      const bins = new Float64Array(10)
      for (let i = 0; i < 100_000; i++) {
        const bin = Math.floor(random() * 10)
        bins[bin] = (bins[bin] as number) + 1
      }
      const chiSquare = bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
      // scipy.stats.chi2.ppf(0.999, 9)
      expect(chiSquare).toBeLessThan(27.877)
    }
    expect(seededRandom(1)()).not.toBe(seededRandom(2)())
  })

  test('refuses a seed that is not a whole number', () => {
    expect(() => seededRandom(0.5)).toThrow(RangeError)
  })
})
