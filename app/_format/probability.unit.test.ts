import { expect, it } from 'vitest'
import { formatProbability } from './probability.ts'

it.each([
  [0.5, '50.0%'],
  [0, '0.0%'],
  [1, '100.0%'],
  [0.00049, '<0.1%'],
  [0.0005, '0.1%'],
  [0.9994, '99.9%'],
  [0.9999, '>99.9%'],
  [null, '–'],
])('the probability %s is shown as %s', (probability, text) => {
  expect(formatProbability(probability)).toBe(text)
})
