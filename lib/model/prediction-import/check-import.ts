import { ServiceError } from '#lib/platform/errors.ts'
import { ImportFaults } from './import-faults.ts'
import type { ImportedPredictions } from './schema.ts'

/** Rounding of what other tools write with a few digits. */
const SUM_TOLERANCE = 1e-3

/** Throws UNPROCESSABLE where the predictions contradict themselves or their version's classes. */
export function checkImport({ modelVersion, predictions }: ImportedPredictions): void {
  const classes = new Set(modelVersion.findingClasses)
  if (classes.size !== modelVersion.findingClasses.length)
    throw new ServiceError('UNPROCESSABLE', 'modelVersion.findingClasses names a finding class twice.', {
      code: 'DUPLICATE_CLASS',
    })
  const faults = new ImportFaults()
  const firstIndexOf = new Map<string, number>()
  predictions.forEach(({ imageKey, referenceClass, probabilities }, index) => {
    const at = (field: string) => ({ index, imageKey, field })
    const first = firstIndexOf.get(imageKey)
    if (first === undefined) firstIndexOf.set(imageKey, index)
    else faults.add(at('imageKey'), 'DUPLICATE_IMAGE', `is the image of predictions.${first} again`)
    if (!classes.has(referenceClass))
      faults.add(
        at('referenceClass'),
        'UNKNOWN_CLASS',
        `${JSON.stringify(referenceClass)} is none of modelVersion.findingClasses`,
      )
    if (probabilities.length !== classes.size)
      faults.add(
        at('probabilities'),
        'PROBABILITY_COUNT',
        `has ${probabilities.length} probabilities for ${classes.size} finding classes`,
      )
    else {
      const sum = probabilities.reduce((total, probability) => total + probability, 0)
      if (!(Math.abs(sum - 1) <= SUM_TOLERANCE))
        faults.add(
          at('probabilities'),
          'PROBABILITY_SUM',
          `sums to ${sum.toPrecision(6)}, not to 1 within ${SUM_TOLERANCE}`,
        )
    }
  })
  faults.refuseAny()
}
