/** Why a run failed and what to do, in words; the detail that the run recorded stands beside it. */
export type FailureExplanation = { title: string; remedy: string }

const SCAN_AGAIN = 'Put the dataset right, then retry the run: it scans the dataset again.'
const SEE_MODEL =
  'Retrying alone will hardly help: look at the images below and at how the model was exported.'

const EXPLANATIONS: Readonly<Record<string, FailureExplanation>> = {
  UNKNOWN_CLASS: {
    title: 'The dataset has finding classes that this model version does not know',
    remedy:
      'Start a new evaluation with unknown classes left out, or choose a model version that knows all of them.',
  },
  EMPTY_DATASET: {
    title: 'There is no image to evaluate',
    remedy: 'Add images of the version’s finding classes to the dataset, then start a new evaluation.',
  },
  INVALID_OUTPUT: { title: 'The model gave no usable numbers for too many images', remedy: SEE_MODEL },
  INFERENCE_FAILED: { title: 'The model could not be run on too many images', remedy: SEE_MODEL },
  INFERENCE_TIMEOUT: {
    title: 'The model took too long for too many images',
    remedy: 'Give the evaluator a faster machine or less to do, then retry the run.',
  },
  DEADLINE: {
    title: 'The run did not end in time',
    remedy: 'Check that the evaluator works, then retry the run: it goes on where it stopped.',
  },
  ATTEMPTS_EXHAUSTED: {
    title: 'The run was begun again and again without getting anywhere',
    remedy: 'The service’s log says what went wrong each time. Put it right, then retry the run.',
  },
  NO_MODEL_FILE: {
    title: 'Of this version only predictions were imported',
    remedy: 'There is no model to run: upload it as a model version of its own.',
  },
  PROVIDER_CHANGED: {
    title: 'The evaluators changed from one kind of processor to another',
    remedy: 'Retry the run: it begins anew on the processor that is there now, so that no result is mixed.',
  },
  EVALUATOR_MISMATCH: {
    title: 'The evaluator answered for another model or preprocessing',
    remedy: 'Bring the evaluator to the same release as this service, then retry the run.',
  },
  EVALUATOR_REFUSED: {
    title: 'The evaluator refused the work',
    remedy: 'Its reason stands below. Put it right, then retry the run.',
  },
  LABEL_CONFLICT: {
    title: 'The same image lies in several finding classes of the dataset',
    remedy: `One of its classes is wrong. ${SCAN_AGAIN}`,
  },
  DATASET_ARCHIVED: {
    title: 'The dataset was archived before it was scanned',
    remedy: 'There is nothing left to scan: choose another dataset.',
  },
  LOCATION_NOT_FOUND: { title: 'The dataset’s folder is not there', remedy: SCAN_AGAIN },
  LOCATION_OUTSIDE_ROOTS: {
    title: 'The dataset’s folder is no longer among those that the service may use',
    remedy: 'Let an operator add its folder to DATASET_ROOTS, then retry the run.',
  },
  NO_SUCH_BUCKET: { title: 'The dataset’s bucket is not there', remedy: SCAN_AGAIN },
  UNREADABLE: {
    title: 'The service may not look into the dataset’s folder',
    remedy: 'Give the account that the service runs as the right to read it, then retry the run.',
  },
  SCAN_FAILED: { title: 'The dataset could not be scanned', remedy: SCAN_AGAIN },
  SCAN_INTERRUPTED: { title: 'The scan of the dataset was interrupted too often', remedy: SCAN_AGAIN },
  BAD_PATIENT_PATTERN: {
    title: 'The dataset’s patient pattern is not supported any more',
    remedy: 'Register the images as a new dataset with a pattern that is supported, then evaluate that.',
  },
}

/** A code that is not listed is one of the dataset's or the store's: the recorded detail then says all there is. */
export function explainFailure(code: string | null): FailureExplanation {
  const known = code !== null && Object.hasOwn(EXPLANATIONS, code) ? EXPLANATIONS[code] : undefined
  return known ?? { title: 'The run failed', remedy: 'Put right what is said below, then retry the run.' }
}

/** Why a run that is not over stands still; null where it does not. */
export function explainStandstill(code: string | null): string | null {
  if (code === 'EVALUATOR_AWAY') return 'The evaluator is away. The run goes on by itself when it is back.'
  if (code === 'STORE_AWAY') return 'The object store is away. The run goes on by itself when it is back.'
  return null
}
