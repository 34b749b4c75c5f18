import { expect, it } from 'vitest'
import { formatDifference, formatDifferenceInterval, formatPValue } from './ratio.ts'

it.each([
  [0.021, '+2.1'],
  [-0.021, '−2.1'],
  [0.0004, '0.0'],
  [-0.0004, '0.0'],
  [null, '–'],
])('the difference %s is shown as %s points', (difference, text) => {
  expect(formatDifference(difference)).toBe(text)
})

it('shows an interval of differences with both signs', () => {
  expect(formatDifferenceInterval({ low: -0.004, high: 0.036 })).toBe('−0.4 to +3.6')
  expect(formatDifferenceInterval({ low: null, high: null })).toBe('–')
})

it.each([
  [0.0123, '0.012'],
  [0.0009, '< 0.001'],
  [1, '1.000'],
  [null, '–'],
])('the p value %s is shown as %s', (p, text) => {
  expect(formatPValue(p)).toBe(text)
})
