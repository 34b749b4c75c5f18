import { describe, expect, it } from 'vitest'
import { toProbabilities } from './to-probabilities.ts'

describe('toProbabilities', () => {
  it('is the softmax of logits in float64', () => {
    // scipy.special.softmax(np.float64([1, 2, 3]))
    const expected = [0.09003057317038046, 0.24472847105479764, 0.6652409557748218]
    const probabilities = toProbabilities(Float32Array.of(1, 2, 3), 'logits') ?? []
    expect(probabilities).toHaveLength(3)
    for (const [k, value] of expected.entries()) expect(probabilities[k]).toBeCloseTo(value, 15)
  })
  it('makes float32 probabilities sum to 1', () => {
    const probabilities = toProbabilities(Float32Array.of(0.1, 0.2, 0.7), 'probabilities') ?? []
    expect(Array.from(probabilities).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 15)
  })
  it.each([
    ['NaN', [Number.NaN, 0, 0], 'logits'],
    ['an infinite logit', [Number.POSITIVE_INFINITY, 0, 0], 'logits'],
    ['a sum of 1.01', [0.5, 0.3, 0.21], 'probabilities'],
    ['a negative probability', [-0.1, 0.4, 0.7], 'probabilities'],
  ] as const)('takes %s for no prediction', (_name, values, kind) => {
    expect(toProbabilities(Float32Array.from(values), kind)).toBeNull()
  })
})
