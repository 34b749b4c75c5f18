type Failure = { failureCode: string | null; failureDetail: string | null }

/** What each reason means for somebody who has never heard of the code; others speak by their detail. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  LABEL_CONFLICT:
    'The same image lies in folders of different finding classes, so one of its reference classes is wrong.',
  EMPTY_DATASET: 'There is no image in a folder of a finding class.',
  UNREADABLE: 'The service may not read any of the files.',
  LOCATION_NOT_FOUND: 'The folder is not there any more.',
  LOCATION_OUTSIDE_ROOTS: 'The folder lies outside the folders that the service may read.',
  FORBIDDEN: 'The service is not allowed to list what lies there.',
  STORE_AWAY: 'Where the images lie could not be reached.',
  UNAVAILABLE: 'Where the images lie could not be reached.',
  LIST_LOOP: 'The store listed the same files again and again.',
  BAD_PATIENT_PATTERN: 'Register the images as a new dataset with a pattern that is supported.',
  SCAN_INTERRUPTED: 'The scan was interrupted too often.',
  DATASET_ARCHIVED: 'The dataset was archived meanwhile.',
}

/** Why a scan failed, in words, with the service's own detail behind it. */
export function explainScanFailure({ failureCode, failureDetail }: Failure): string {
  const code = failureCode ?? ''
  const explained = Object.hasOwn(EXPLANATIONS, code) ? EXPLANATIONS[code] : undefined
  const parts = [explained, failureDetail].filter((part) => part !== undefined && part !== null)
  return parts.length === 0 ? 'The scan failed for a reason that was not recorded.' : parts.join(' ')
}
