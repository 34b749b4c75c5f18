import { ascendingOrder } from './ascending-order.ts'
import type { LabelledPredictions } from './labelled-predictions.ts'

/**
 * The images ordered by one class's score, lowest first: all that AUROC needs. Sorted once, read once per
 * bootstrap resample, since resampling changes how often an image counts and never the order.
 */
export type RankedScores = {
  /** Image positions by ascending score. */
  images: Int32Array
  /** 1 where the image at the same rank has the class as its reference. */
  isPositive: Uint8Array
  /** 1 where the next rank has a larger score, and at the last rank. */
  endsTie: Uint8Array
  /** Each run of equal scores that holds an image of the class: its first rank, then the rank after its last. */
  positiveTies: Int32Array
}

/** Ranks all images by the probability of the class `classIndex`; equal scores stay in image order. */
export function rankScores(predictions: LabelledPredictions, classIndex: number): RankedScores {
  const { classCount, probabilities, referenceIndices } = predictions
  const n = referenceIndices.length
  const scores = new Float64Array(n)
  for (let i = 0; i < n; i++) scores[i] = probabilities[i * classCount + classIndex] as number
  const images = ascendingOrder(scores)
  const isPositive = new Uint8Array(n)
  const endsTie = new Uint8Array(n)
  for (let rank = 0; rank < n; rank++) {
    const image = images[rank] as number
    isPositive[rank] = referenceIndices[image] === classIndex ? 1 : 0
    const isLast = rank === n - 1
    endsTie[rank] = isLast || scores[image] !== scores[images[rank + 1] as number] ? 1 : 0
  }
  return { images, isPositive, endsTie, positiveTies: findPositiveTies(isPositive, endsTie) }
}

/** The same ranking of only the images for which `keeps[image]` is 1. */
export function keepRanked(ranked: RankedScores, keeps: Uint8Array): RankedScores {
  const kept = ranked.images.filter((image) => keeps[image] === 1)
  const isPositive = new Uint8Array(kept.length)
  const endsTie = new Uint8Array(kept.length)
  let count = 0
  for (let rank = 0; rank < ranked.images.length; rank++) {
    if (keeps[ranked.images[rank] as number] === 1) isPositive[count++] = ranked.isPositive[rank] as number
    // The last kept image of a tie ends it, even where images after it were left out.
    if (ranked.endsTie[rank] === 1 && count > 0) endsTie[count - 1] = 1
  }
  return { images: kept, isPositive, endsTie, positiveTies: findPositiveTies(isPositive, endsTie) }
}

function findPositiveTies(isPositive: Uint8Array, endsTie: Uint8Array): Int32Array {
  const ties: number[] = []
  let start = 0
  let holdsPositive = false
  for (let rank = 0; rank < endsTie.length; rank++) {
    if (isPositive[rank] === 1) holdsPositive = true
    if (endsTie[rank] !== 1) continue
    if (holdsPositive) ties.push(start, rank + 1)
    start = rank + 1
    holdsPositive = false
  }
  return Int32Array.from(ties)
}
