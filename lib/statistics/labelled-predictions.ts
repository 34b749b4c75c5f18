/**
 * The predictions of one model version on n images together with the images' reference classes.
 * Columns instead of one object per image: a million images of nine classes take 80 MB this way.
 */
export type LabelledPredictions = {
  classCount: number
  /** Per image: the class accepted as true, 0 … classCount − 1. */
  referenceIndices: Int32Array
  /** Per image: the predicted class, 0 … classCount − 1. */
  predictedIndices: Int32Array
  /** Image after image, classCount probabilities each, in the version's class order. Range 0–1. */
  probabilities: Float64Array
}

/**
 * Throws a RangeError for input that would silently give a wrong number. Undecodable images and non-finite
 * outputs are error rows and never come this far, so a fault here is a programming error.
 */
export function checkLabelledPredictions(predictions: LabelledPredictions): void {
  const { classCount, referenceIndices, predictedIndices, probabilities } = predictions
  const n = referenceIndices.length
  if (predictedIndices.length !== n || probabilities.length !== n * classCount) {
    throw new RangeError(
      `${n} reference classes, ${predictedIndices.length} predicted classes and ` +
        `${probabilities.length} probabilities of ${classCount} classes do not belong together`,
    )
  }
  const outside = (index: number) => index < 0 || index >= classCount
  if (referenceIndices.some(outside) || predictedIndices.some(outside)) {
    throw new RangeError(`a class index lies outside 0 … ${classCount - 1}`)
  }
  // Written as a negated "inside" so that NaN is refused too.
  if (probabilities.some((p) => !(p >= 0 && p <= 1))) {
    throw new RangeError('a probability is not a number from 0 to 1')
  }
}
