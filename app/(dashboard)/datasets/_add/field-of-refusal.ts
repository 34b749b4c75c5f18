import type { ApiFailure } from '#lib/delivery/client/api-failure.ts'

export type DatasetField = 'name' | 'location' | 'patientPattern'

const FIELDS: Readonly<Record<string, DatasetField>> = {
  BAD_NAME: 'name',
  NAME_TAKEN: 'name',
  NAME_HAS_FILES: 'name',
  BAD_PATIENT_PATTERN: 'patientPattern',
  BAD_LOCATION: 'location',
  LOCATION_NOT_FOUND: 'location',
  LOCATION_OUTSIDE_ROOTS: 'location',
  ENDPOINT_NOT_ALLOWED: 'location',
}

/** The refusal of a registration beside the field that it is about; under `form` where it is about none. */
export function faultsByField(failure: ApiFailure): Partial<Record<DatasetField | 'form', string>> {
  const faults = failure.fieldFaults()
  if (Object.keys(faults).length > 0) return faults
  const field = Object.hasOwn(FIELDS, failure.code) ? FIELDS[failure.code] : undefined
  return { [field ?? 'form']: failure.message }
}
