import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { auroc } from './auroc.ts'
import type { LabelledPredictions } from './labelled-predictions.ts'
import { weightedAuroc } from './macro-auroc.ts'
import { keepRanked, rankScores } from './ranked-scores.ts'

type ScoredImage = { positive: boolean; score: number; weight: number }

function scored(images: readonly { positive: boolean; score: number }[]): LabelledPredictions {
  return {
    classCount: 2,
    referenceIndices: Int32Array.from(images, ({ positive }) => (positive ? 0 : 1)),
    predictedIndices: new Int32Array(images.length),
    probabilities: Float64Array.from(images.flatMap(({ score }) => [score, 1 - score])),
  }
}

/** The definition itself: every pair of a positive and a negative image. */
function byPairs(images: readonly ScoredImage[]): number | null {
  let sum = 0
  let pairs = 0
  for (const a of images.filter(({ positive }) => positive)) {
    for (const b of images.filter(({ positive }) => !positive)) {
      sum += a.weight * b.weight * (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0)
      pairs += a.weight * b.weight
    }
  }
  return pairs === 0 ? null : sum / pairs
}

// A coarse score ties often, a fine one never; −0 and 0 are the same score.
const score = fc.oneof(fc.constantFrom(0, -0, 0.25, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }))
const images = fc.array(fc.record({ positive: fc.boolean(), score, weight: fc.nat(4) }), { maxLength: 40 })
const weightsOf = (list: readonly ScoredImage[]) => Int32Array.from(list, ({ weight }) => weight)

describe('AUROC', () => {
  test('counts pairs, ties as a half', () => {
    const list = [0.4, 0.8].map((s) => ({ positive: true, score: s }))
    const others = [0.4, 0.2].map((s) => ({ positive: false, score: s }))
    expect(auroc(rankScores(scored([...list, ...others]), 0))).toBe(0.875)
  })

  test('equals the count over all pairs, with and without weights', () => {
    fc.assert(
      fc.property(images, (list) => {
        const ranked = rankScores(scored(list), 0)
        expect(auroc(ranked)).toBe(byPairs(list.map((image) => ({ ...image, weight: 1 }))))
        expect(auroc(ranked, weightsOf(list))).toBe(byPairs(list))
      }),
    )
  })

  test('by weights equals the resample written out, to the last bit', () => {
    fc.assert(
      fc.property(images, (list) => {
        const writtenOut = list.flatMap((image) => new Array<ScoredImage>(image.weight).fill(image))
        expect(auroc(rankScores(scored(list), 0), weightsOf(list))).toBe(
          auroc(rankScores(scored(writtenOut), 0)),
        )
      }),
    )
  })

  test('does not depend on the order of the images', () => {
    fc.assert(
      fc.property(images, (list) => {
        const reversed = auroc(rankScores(scored(list.toReversed()), 0))
        expect(reversed).toBe(auroc(rankScores(scored(list), 0)))
      }),
    )
  })

  test('of the kept images equals the AUROC of a list of them alone', () => {
    fc.assert(
      fc.property(images, (list) => {
        const keeps = Uint8Array.from(list, ({ weight }) => (weight > 1 ? 1 : 0))
        const kept = list.filter(({ weight }) => weight > 1)
        expect(auroc(keepRanked(rankScores(scored(list), 0), keeps))).toBe(auroc(rankScores(scored(kept), 0)))
      }),
    )
  })

  test('is exact for scores that differ in their last bit only', () => {
    const next = 0.3 + 2 ** -54
    expect(next).toBeGreaterThan(0.3)
    const list = [
      { positive: true, score: next },
      { positive: false, score: 0.3 },
    ]
    expect(auroc(rankScores(scored(list), 0))).toBe(1)
  })
})

test('the weighted mean follows the number of images and skips classes without AUROC', () => {
  expect(weightedAuroc([0.9, 0.8, null], [30, 10, 0])).toBeCloseTo(0.875, 15)
  expect(weightedAuroc([null, null], [5, 0])).toBeNull()
})
