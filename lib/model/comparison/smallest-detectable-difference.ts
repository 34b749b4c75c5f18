import { Z_95 } from '#lib/statistics/wilson-interval.ts'
import { countImages } from './paired-counts.ts'
import type { PairedCounts } from './schema.ts'

/** The usual choice: a difference of this size would be missed by one comparison in five. */
export const POWER = 0.8
/** The 80 % point of the standard normal distribution. */
const Z_POWER = 0.8416212335729143

/**
 * The smallest true difference of the two accuracies that McNemar's test (two-sided, 5 %) would find with 80 % power on
 * so many images, if the versions disagree as often as they did here: what "no difference found" is worth. With n
 * images and the share ψ of images that only one version has right, the δ that solves
 *
 *     √n δ = z₀.₉₇₅ √ψ + z₀.₈ √(ψ − δ²)
 *
 * Range 0 to ψ. Null where not even a difference of ψ, all disagreements in favour of one version, would be found
 * with that power: too few disagreements to tell anything, or no images.
 *
 * Source: Connor, Biometrics 1987, 43:207; Miettinen, Biometrics 1968, 24:339.
 * Example: n = 270, 19 + 46 images that only one version has right → 0.0833
 */
export function smallestDetectableDifference(counts: PairedCounts): number | null {
  const n = countImages(counts)
  if (n === 0) return null
  const discordantRatio = (counts.baselineOnly + counts.candidateOnly) / n
  const isFound = (difference: number) =>
    Math.sqrt(n) * difference >=
    Z_95 * Math.sqrt(discordantRatio) + Z_POWER * Math.sqrt(discordantRatio - difference ** 2)
  if (discordantRatio === 0 || !isFound(discordantRatio)) return null
  let missed = 0
  let found = discordantRatio
  for (;;) {
    const middle = (missed + found) / 2
    if (middle <= missed || middle >= found) return found
    if (isFound(middle)) found = middle
    else missed = middle
  }
}
