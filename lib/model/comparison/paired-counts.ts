import type { PairedCounts } from './schema.ts'

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
