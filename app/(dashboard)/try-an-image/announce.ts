import { formatProbability } from '#app/_format/probability.ts'
import type { Shown } from './trial.ts'

/** A result as one sentence, for those who hear it. */
export function announce({ trial, version, reply }: Shown): string {
  const { findingClasses, probabilities, predictedClass, image } = reply
  const probability = probabilities[findingClasses.indexOf(predictedClass)] ?? null
  return [
    `${version.label} predicts ${predictedClass} for ${trial.file.name}, with a probability of ${formatProbability(probability)}.`,
    ...image.warnings,
  ].join(' ')
}
