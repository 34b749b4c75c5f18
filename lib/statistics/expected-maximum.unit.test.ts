import { expect, it } from 'vitest'
import { expectedMaximum } from './expected-maximum.ts'

// By scipy.integrate.quad (SciPy 1.17.1) of x · k · norm.pdf(x) · norm.cdf(x)^(k − 1).
it.each([
  [1, 0],
  [2, 0.5641895835477564],
  [3, 0.8462843753216345],
  [5, 1.1629644736405198],
  [10, 1.5387527308351732],
  [30, 2.0427608441715117],
  [100, 2.507593636441685],
  [1000, 3.2414357691334437],
])('the largest of %i standard normal values is %f on average', (count, expected) => {
  expect(Math.abs(expectedMaximum(count) - expected)).toBeLessThan(1e-5)
})

it('refuses the largest of none', () => {
  expect(() => expectedMaximum(0)).toThrow(RangeError)
})
