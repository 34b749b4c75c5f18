import { counted } from '#lib/vocabulary/counted.ts'
import type { DatasetWarning } from './schema.ts'

/** A pattern that fits a dataset names the patients of most images. */
const EXPECTED_SHARE_RATIO = 0.5

/** Says that a patient pattern finds no patient, or few: intervals then count each image as a patient of its own. */
export function warnOfPatients(found: {
  pattern: string | null
  images: number
  /** Of these, how many name a patient. */
  withPatient: number
}): DatasetWarning[] {
  const { pattern, images, withPatient } = found
  if (pattern === null || images === 0 || withPatient >= images * EXPECTED_SHARE_RATIO) return []
  const remedy = 'Check the pattern; to change it, register the images as a new dataset.'
  if (withPatient === 0)
    return [
      {
        code: 'NO_PATIENTS',
        message: `0 patients: the patient pattern ${pattern} matches none of ${counted(images, 'file name')}. ${remedy}`,
      },
    ]
  return [
    {
      code: 'FEW_PATIENTS',
      message: `The patient pattern ${pattern} matches only ${withPatient.toLocaleString('en-GB')} of ${counted(images, 'file name')}. ${remedy}`,
    },
  ]
}
