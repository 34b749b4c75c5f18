/**
 * Two versions' answers to the same images, counted by who was right: the paired 2 × 2 table. All that tests and
 * intervals of a difference of two accuracies need.
 */
export type PairedCounts = {
  bothRight: number
  baselineOnly: number
  candidateOnly: number
  bothWrong: number
}

/** One version's predicted classes, in the order of the images. */
type Predicted = { readonly predictedIndices: Int32Array }

/** The table over all images, or over those whose reference class `includes` accepts. */
export function countPairs(
  referenceIndices: Int32Array,
  baseline: Predicted,
  candidate: Predicted,
  includes: (referenceIndex: number) => boolean = () => true,
): PairedCounts {
  const counts: PairedCounts = { bothRight: 0, baselineOnly: 0, candidateOnly: 0, bothWrong: 0 }
  for (let i = 0; i < referenceIndices.length; i++) {
    const reference = referenceIndices[i] as number
    if (!includes(reference)) continue
    const baselineIsRight = baseline.predictedIndices[i] === reference
    const candidateIsRight = candidate.predictedIndices[i] === reference
    if (baselineIsRight && candidateIsRight) counts.bothRight += 1
    else if (baselineIsRight) counts.baselineOnly += 1
    else if (candidateIsRight) counts.candidateOnly += 1
    else counts.bothWrong += 1
  }
  return counts
}

export function countImages({ bothRight, baselineOnly, candidateOnly, bothWrong }: PairedCounts): number {
  return bothRight + baselineOnly + candidateOnly + bothWrong
}
