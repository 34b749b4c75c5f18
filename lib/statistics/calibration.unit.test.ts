import { expect, test } from 'vitest'
import { CALIBRATION_BINS, calibrationBin, topLabelScores } from './binned-scores.ts'
import { expectedCalibrationError } from './expected-calibration-error.ts'
import { reliabilityBins } from './reliability-bins.ts'

function topLabel(scores: readonly number[], right: readonly boolean[], binCount: number) {
  return topLabelScores(
    {
      classCount: 2,
      referenceIndices: Int32Array.from(right, (isRight) => (isRight ? 0 : 1)),
      predictedIndices: new Int32Array(scores.length),
      probabilities: Float64Array.from(scores.flatMap((score) => [score, 1 - score])),
    },
    binCount,
  )
}

test.each([
  [0, 0],
  [1 / 15, 0],
  [1 / 15 + 1e-16, 1],
  [0.07, 1],
  [0.2, 2],
  [0.6, 8],
  [0.6000000000000001, 9],
  [14 / 15, 13],
  [1, 14],
])('puts the score %d into bin %d of 15', (score, bin) => {
  expect(calibrationBin(score, CALIBRATION_BINS)).toBe(bin)
})

test('puts a score on an edge below it, and the next larger number above it, for every edge', () => {
  for (let binCount = 1; binCount <= 100; binCount++) {
    for (let bin = 0; bin < binCount - 1; bin++) {
      const edge = (bin + 1) / binCount
      expect(calibrationBin(edge, binCount)).toBe(bin)
      expect(calibrationBin(nextUp(edge), binCount)).toBe(bin + 1)
    }
  }
})

function nextUp(value: number): number {
  const bits = new BigUint64Array(Float64Array.of(value).buffer)
  return new Float64Array(bits.map((bit) => bit + 1n).buffer)[0] as number
}

test('draws the bins of which the calibration error is the weighted gap', () => {
  const scored = topLabel([0.4, 0.8, 0.9], [false, true, false], 2)
  expect(reliabilityBins(scored)).toEqual([
    { low: 0, high: 0.5, n: 1, accuracy: 0, confidence: 0.4 },
    { low: 0.5, high: 1, n: 2, accuracy: 0.5, confidence: expect.closeTo(0.85, 14) as number },
  ])
  expect(expectedCalibrationError(scored)).toBeCloseTo(1.1 / 3, 14)
})

test('says null for an empty bin and for no images', () => {
  const scored = topLabel([0.9], [true], 2)
  expect(reliabilityBins(scored)[0]).toEqual({ low: 0, high: 0.5, n: 0, accuracy: null, confidence: null })
  expect(expectedCalibrationError(topLabel([], [], 2))).toBeNull()
})

test('counts an image of weight 2 as two images', () => {
  const weighted = expectedCalibrationError(topLabel([0.4, 0.8], [true, false], 3), Int32Array.of(2, 1))
  const writtenOut = expectedCalibrationError(topLabel([0.4, 0.4, 0.8], [true, true, false], 3))
  expect(weighted).toBeCloseTo(writtenOut as number, 14)
})
