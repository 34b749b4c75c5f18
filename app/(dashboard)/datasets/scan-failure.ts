type Failure = { failureCode: string | null; failureDetail: string | null }

/** What each code means for a reader who does not know it; other codes show their detail only. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  LABEL_CONFLICT: 'Some images are in several finding classes, so a reference class is wrong.',
  EMPTY_DATASET: 'No folder of a finding class contains an image.',
  UNREADABLE: 'The service has no permission to read the files.',
  LOCATION_NOT_FOUND: 'The folder no longer exists.',
  LOCATION_OUTSIDE_ROOTS: 'The folder is outside the folders that the service may read.',
  FORBIDDEN: 'The service has no permission to list the location.',
  STORE_AWAY: 'The location cannot be reached.',
  UNAVAILABLE: 'The location cannot be reached.',
  LIST_LOOP: 'The object store lists the same files repeatedly.',
  BAD_PATIENT_PATTERN: 'Register the images as a new dataset with a pattern that is supported.',
  SCAN_INTERRUPTED: 'The scan was interrupted too often.',
  DATASET_ARCHIVED: 'The dataset was archived during the scan.',
}

/** Why a scan failed, in words, with the service's own detail behind it. */
export function explainScanFailure({ failureCode, failureDetail }: Failure): string {
  const code = failureCode ?? ''
  const explained = Object.hasOwn(EXPLANATIONS, code) ? EXPLANATIONS[code] : undefined
  const parts = [explained, failureDetail].filter((part) => part !== undefined && part !== null)
  return parts.length === 0 ? 'The scan failed for an unknown reason.' : parts.join(' ')
}
