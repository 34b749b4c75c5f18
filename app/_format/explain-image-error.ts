import type { ImageErrorCode } from '#lib/model/evaluator/evaluator-contract.ts'

export type ImageErrorExplanation = {
  /** Why the image has no prediction, for somebody who has never heard of the code. */
  reason: string
  remedy: string
}

const COPY_AGAIN = 'Copy or export the image again, and scan the dataset.'
const RETRY = 'Retry the run.'
const SEE_MODEL = 'Look at the image and at how the model was exported; a retry will hardly help.'

const EXPLANATIONS: Readonly<Record<ImageErrorCode, ImageErrorExplanation>> = {
  EMPTY_FILE: { reason: 'The file has no bytes.', remedy: COPY_AGAIN },
  UNSUPPORTED_IMAGE: { reason: 'It is neither a JPEG nor a PNG.', remedy: 'Convert it to JPEG or PNG.' },
  ANIMATED_NOT_SUPPORTED: {
    reason: 'It is an animation: there is no telling which of its pictures is meant.',
    remedy: 'Store the one picture that is meant.',
  },
  TRUNCATED_IMAGE: {
    reason: 'The file ends too early: a part of the picture is missing.',
    remedy: COPY_AGAIN,
  },
  CORRUPT_IMAGE: { reason: 'The picture is damaged and cannot be decoded.', remedy: COPY_AGAIN },
  TOO_MANY_PIXELS: { reason: 'It has more pixels than an image may have.', remedy: 'Store it smaller.' },
  TOO_LARGE: { reason: 'The file is larger than an image may be.', remedy: 'Store it in a smaller file.' },
  BAD_ASPECT: {
    reason: 'It is so long and thin that nothing would be left of it at the model’s size.',
    remedy: 'Cut it to the part that matters.',
  },
  DECODE_TIMEOUT: { reason: 'Decoding it took too long.', remedy: COPY_AGAIN },
  DECODE_CRASH: { reason: 'Decoding it brought the decoder down.', remedy: COPY_AGAIN },
  DECODE_OOM: {
    reason: 'There was too little memory to decode it. That says nothing of the picture.',
    remedy: 'Retry the run. If it fails again, store the image smaller, or give the evaluator more memory.',
  },
  INFERENCE_TIMEOUT: { reason: 'The model took too long for it.', remedy: RETRY },
  INFERENCE_FAILED: { reason: 'The model could not be run on it.', remedy: SEE_MODEL },
  INVALID_OUTPUT: { reason: 'The model answered with something that is no number.', remedy: SEE_MODEL },
  NOT_FOUND: { reason: 'The file is no longer there.', remedy: 'Put it back, then retry the run.' },
  READ_FAILED: { reason: 'The file could not be read.', remedy: RETRY },
  CHANGED_DURING_RUN: {
    reason: 'The file is not the one that was scanned: it has changed since.',
    remedy: 'Evaluate the dataset anew: the new file is scanned first.',
  },
  UNREACHABLE: { reason: 'Neither the evaluator nor the service could get at it.', remedy: RETRY },
}

/** Reason and remedy in plain words; a code that only an older release wrote has neither. */
export function explainImageError(code: string): ImageErrorExplanation {
  return Object.hasOwn(EXPLANATIONS, code)
    ? EXPLANATIONS[code as ImageErrorCode]
    : { reason: `It could not be evaluated (${code}).`, remedy: RETRY }
}
