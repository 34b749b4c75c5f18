import { describe, expect, test } from 'vitest'
import { golden, reference } from '#tests/reference/reference-values.ts'
import { binomialProbability } from './binomial-probability.ts'
import { clopperPearsonInterval } from './clopper-pearson-interval.ts'
import { incompleteBeta } from './incomplete-beta.ts'
import { proportionStatistic, wilsonInterval } from './wilson-interval.ts'

describe('Wilson and Clopper-Pearson', () => {
  // statsmodels proportion_confint(k, n, method='wilson'), scipy.stats.beta.ppf
  test.each(reference.intervals)('agree with statsmodels and SciPy for $successes of $trials', (row) => {
    const wilson = wilsonInterval(row)
    expect(wilson.low).toBeCloseTo(row.wilson[0], 12)
    expect(wilson.high).toBeCloseTo(row.wilson[1], 12)
    const exact = clopperPearsonInterval(row)
    expect(exact.low).toBeCloseTo(row.clopperPearson[0], 12)
    expect(exact.high).toBeCloseTo(row.clopperPearson[1], 12)
    // Bounds near 0 agree in relative terms too (SciPy's own error is about 1e-11 there).
    if (row.successes > 0) expect((exact.low as number) / row.clopperPearson[0]).toBeCloseTo(1, 9)
    expect((exact.high as number) / row.clopperPearson[1]).toBeCloseTo(1, 9)
  })

  test.each([
    [92, 100, 0.850019, 0.958907, 0.848442, 0.964828],
    [0, 60, 0, 0.060172, 0, 0.059629],
    [3, 299, 0.003418, 0.029079, 0.002074, 0.02904],
  ])('give the values of the definitions for %d of %d', (successes, trials, ...bounds) => {
    const [wilson, exact] = [wilsonInterval, clopperPearsonInterval].map((of) => of({ successes, trials }))
    const found = [wilson?.low, wilson?.high, exact?.low, exact?.high]
    found.forEach((bound, i) => {
      expect(bound).toBeCloseTo(bounds[i] as number, 6)
    })
  })

  test('agree with the nine-class fixture', () => {
    golden.expected.acc.forEach((accuracy, m) => {
      const { low, high } = clopperPearsonInterval({ successes: Math.round(accuracy * 270), trials: 270 })
      expect(low).toBeCloseTo(golden.expected.clopper_pearson[m]?.[0] as number, 12)
      expect(high).toBeCloseTo(golden.expected.clopper_pearson[m]?.[1] as number, 12)
    })
  })

  test('bound a rate without events one-sidedly at 95%', () => {
    // scipy.stats.beta.ppf(0.95, 1, 299) = 1 − 0.05^(1/299)
    const { high } = clopperPearsonInterval({ successes: 0, trials: 299 }, 0.9)
    expect(high).toBeCloseTo(1 - 0.05 ** (1 / 299), 14)
  })

  test('end at exactly 0 and 1', () => {
    for (const interval of [wilsonInterval, clopperPearsonInterval]) {
      expect(interval({ successes: 0, trials: 7 }).low).toBe(0)
      expect(interval({ successes: 7, trials: 7 }).high).toBe(1)
    }
  })

  test('are null without trials', () => {
    for (const interval of [wilsonInterval, clopperPearsonInterval]) {
      expect(interval({ successes: 0, trials: 0 })).toEqual({ low: null, high: null })
    }
    expect(proportionStatistic({ successes: 0, trials: 0 }).value).toBeNull()
  })

  test('mirror each other for successes and failures', () => {
    for (const interval of [wilsonInterval, clopperPearsonInterval]) {
      const successes = interval({ successes: 13, trials: 57 })
      const failures = interval({ successes: 44, trials: 57 })
      expect(successes.low).toBeCloseTo(1 - (failures.high as number), 14)
      expect(successes.high).toBeCloseTo(1 - (failures.low as number), 14)
    }
  })
})

// scipy.stats.binom.pmf(k, n, p)
test.each(reference.binomial)('binomial probability of $k in $n at $p', ({ k, n, p, value }) => {
  expect(binomialProbability(k, n, p) / value).toBeCloseTo(1, 11)
})

test('binomial probabilities sum to 1', () => {
  let sum = 0
  for (let k = 0; k <= 300; k++) sum += binomialProbability(k, 300, 0.37)
  expect(sum).toBeCloseTo(1, 13)
})

// scipy.special.betainc(a, b, x)
test.each(reference.incompleteBeta)('incomplete beta I_$x($a, $b)', ({ x, a, b, value }) => {
  expect(incompleteBeta(x, a, b) / value).toBeCloseTo(1, 11)
})

test('incomplete beta is 0 below and 1 above its domain', () => {
  expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1])
})
