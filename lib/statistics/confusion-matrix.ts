import type { LabelledPredictions } from './labelled-predictions.ts'

/** How many images of each reference class (row) were predicted as each class (column). */
export type ConfusionMatrix = {
  classCount: number
  /** Row after row: the count of (reference r, predicted p) is at r × classCount + p. */
  counts: Float64Array
}

export type ConfusionTotals = {
  /** Row sums: images per reference class. */
  references: Float64Array
  /** Column sums: images per predicted class. */
  predictions: Float64Array
  /** The diagonal: correctly predicted images per class. */
  correct: Float64Array
  total: number
}

/** Counts each image once, or `weights[i]` times as in a bootstrap resample. */
export function confusionMatrix(predictions: LabelledPredictions, weights?: Int32Array): ConfusionMatrix {
  const { classCount, referenceIndices, predictedIndices } = predictions
  const counts = new Float64Array(classCount * classCount)
  for (let i = 0; i < referenceIndices.length; i++) {
    const cell = (referenceIndices[i] as number) * classCount + (predictedIndices[i] as number)
    counts[cell] = (counts[cell] as number) + (weights === undefined ? 1 : (weights[i] as number))
  }
  return { classCount, counts }
}

export function confusionTotals({ classCount, counts }: ConfusionMatrix): ConfusionTotals {
  const references = new Float64Array(classCount)
  const predictions = new Float64Array(classCount)
  const correct = new Float64Array(classCount)
  let total = 0
  for (let reference = 0; reference < classCount; reference++) {
    for (let predicted = 0; predicted < classCount; predicted++) {
      const count = counts[reference * classCount + predicted] as number
      references[reference] = (references[reference] as number) + count
      predictions[predicted] = (predictions[predicted] as number) + count
      if (reference === predicted) correct[reference] = count
      total += count
    }
  }
  return { references, predictions, correct, total }
}

/** The matrix of the images whose reference class `keeps`: other rows become empty, columns stay. */
export function keepReferences(
  matrix: ConfusionMatrix,
  keeps: (classIndex: number) => boolean,
): ConfusionMatrix {
  const { classCount } = matrix
  return {
    classCount,
    counts: matrix.counts.map((count, cell) => (keeps(Math.floor(cell / classCount)) ? count : 0)),
  }
}
