/** Which images belong together when resampling. */
export type PatientIndex = {
  /** Per image: its patient, 0 … patientCount − 1. */
  patientIndices: Int32Array
  /** Patients, counting an image without a known patient as one of its own. */
  patientCount: number
  /** Images whose patient is known. */
  imagesWithPatient: number
}

/**
 * Numbers the patients in order of appearance; an image whose patient is not known stands for itself.
 *
 * Example: ['p1', null, 'p1'] → patients 0, 1, 0
 */
export function indexPatients(patients: readonly (string | null)[]): PatientIndex {
  const numbers = new Map<string, number>()
  let patientCount = 0
  let imagesWithPatient = 0
  const patientIndices = Int32Array.from(patients, (patient) => {
    if (patient === null) return patientCount++
    imagesWithPatient++
    const seen = numbers.get(patient)
    if (seen !== undefined) return seen
    numbers.set(patient, patientCount)
    return patientCount++
  })
  return { patientIndices, patientCount, imagesWithPatient }
}
