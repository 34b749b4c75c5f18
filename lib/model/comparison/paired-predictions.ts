import type { LabelledPredictions } from '#lib/statistics/labelled-predictions.ts'

/** What one version answered, image by image; classes as in `PairedPredictions.classes`. */
export type VersionAnswers = Pick<LabelledPredictions, 'predictedIndices' | 'probabilities'>

/**
 * Two versions' predictions of the same n images. Classes are those of either version, in one order for both; a
 * version gives probability 0 to a class that it does not know.
 */
export type PairedPredictions = {
  classes: readonly string[]
  referenceIndices: Int32Array
  baseline: VersionAnswers
  candidate: VersionAnswers
  /** Per image, null where unknown. */
  patients: readonly (string | null)[]
}

/** One version's side, as `lib/statistics` takes it. */
export function labelled(
  { classes, referenceIndices }: PairedPredictions,
  { predictedIndices, probabilities }: VersionAnswers,
): LabelledPredictions {
  return { classCount: classes.length, referenceIndices, predictedIndices, probabilities }
}
