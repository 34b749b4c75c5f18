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
  it('divides probabilities of 8 bits by their sum, which half a step for each class may be off', () => {
    // onnxruntime 1.31.1 (Python) on tests/cases/int8-softmax.onnx, an image of zeros: nine k/256 that sum to 254/256
    const eighths = [47, 11, 15, 38, 37, 11, 38, 39, 18].map((k) => k / 256)
    const probabilities = toProbabilities(Float32Array.from(eighths), 'probabilities') ?? []
    expect(Array.from(probabilities)).toEqual(eighths.map((p) => p / (254 / 256)))
    const [below, above] = [0.999, 1.001].map((part) => 1 + (9 / 512) * part)
    const nine = (sum = 1) => Float32Array.from({ length: 9 }, () => sum / 9)
    expect(
      [nine(below), nine(2 - (above ?? 0)), nine(above)].map(
        (row) => toProbabilities(row, 'probabilities') === null,
      ),
    ).toEqual([false, true, true])
    const thousand = Float32Array.from({ length: 1000 }, () => 1 / 256)
    expect(toProbabilities(thousand, 'probabilities')).toBeNull()
  })
  it('takes a zero that arithmetic left a little negative for zero', () => {
    expect(toProbabilities(Float32Array.of(-1e-7, 0.5, 0.5), 'probabilities')).toEqual(
      Float64Array.of(0, 0.5, 0.5),
    )
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
