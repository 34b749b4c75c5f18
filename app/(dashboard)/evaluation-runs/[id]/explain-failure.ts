/** Why a run failed and what to do, in words; the detail that the run recorded stands beside it. */
export type FailureExplanation = { title: string; remedy: string }

const SCAN_AGAIN = 'Put the dataset right, then retry the run: it scans the dataset again.'
const SEE_MODEL = 'A retry alone is unlikely to help. Check the images below and how the model was exported.'

const EXPLANATIONS: Readonly<Record<string, FailureExplanation>> = {
  UNKNOWN_CLASS: {
    title: 'This model cannot predict some classes of the dataset',
    remedy: 'Launch a new evaluation that excludes these classes, or choose another model version.',
  },
  EMPTY_DATASET: {
    title: 'There are no images to evaluate',
    remedy: 'Add images of the version’s finding classes to the dataset, then launch a new evaluation.',
  },
  INVALID_OUTPUT: { title: 'The model returned unusable output for too many images', remedy: SEE_MODEL },
  INFERENCE_FAILED: { title: 'The model failed on too many images', remedy: SEE_MODEL },
  INFERENCE_TIMEOUT: {
    title: 'The model timed out on too many images',
    remedy: 'Give the evaluator a faster machine or less load, then retry the run.',
  },
  DEADLINE: {
    title: 'The run did not end in time',
    remedy: 'Check that the evaluator works, then retry the run: it continues where it stopped.',
  },
  ATTEMPTS_EXHAUSTED: {
    title: 'The run failed repeatedly without progress',
    remedy: 'See the service’s log for the cause, fix it, then retry the run.',
  },
  NO_MODEL_FILE: {
    title: 'This version has imported predictions only',
    remedy: 'There is no model to run. Upload the model as a new version.',
  },
  PROVIDER_CHANGED: {
    title: 'The evaluators’ hardware changed during the run',
    remedy: 'Retry the run: it starts over on the present hardware, so that results are not mixed.',
  },
  EVALUATOR_MISMATCH: {
    title: 'The evaluator used another model or preprocessing',
    remedy: 'Install the same release on the evaluator and this service, then retry the run.',
  },
  EVALUATOR_REFUSED: {
    title: 'The evaluator rejected the run',
    remedy: 'See its reason below, fix it, then retry the run.',
  },
  LABEL_CONFLICT: {
    title: 'Some images are in several finding classes of the dataset',
    remedy: `Keep each image in one class. ${SCAN_AGAIN}`,
  },
  DATASET_ARCHIVED: {
    title: 'The dataset was archived before it was scanned',
    remedy: 'Choose another dataset.',
  },
  LOCATION_NOT_FOUND: { title: 'The dataset’s folder does not exist', remedy: SCAN_AGAIN },
  LOCATION_OUTSIDE_ROOTS: {
    title: 'The dataset’s folder is outside the allowed folders',
    remedy: 'Ask the operator to add it to DATASET_ROOTS, then retry the run.',
  },
  NO_SUCH_BUCKET: { title: 'The dataset’s bucket does not exist', remedy: SCAN_AGAIN },
  UNREADABLE: {
    title: 'The service has no permission to list the dataset’s folder',
    remedy: 'Give the service’s account read permission, then retry the run.',
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
  return known ?? { title: 'The run failed', remedy: 'Fix the cause below, then retry the run.' }
}

/** Why a run that is not over stands still; null where it does not. */
export function explainStandstill(code: string | null): string | null {
  if (code === 'EVALUATOR_AWAY') return 'The evaluator is away. The run goes on by itself when it is back.'
  if (code === 'STORE_AWAY') return 'The object store is away. The run goes on by itself when it is back.'
  return null
}
