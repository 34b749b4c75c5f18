import type { ImageErrorCode } from '#lib/model/evaluator/evaluator-contract.ts'

export type ImageErrorExplanation = {
  /** Why the image has no prediction, for a reader who does not know the code. */
  reason: string
  remedy: string
}

const COPY_AGAIN = 'Copy or export the image again, and scan the dataset.'
const RETRY = 'Retry the run.'
const SEE_MODEL = 'Check the image and how the model was exported. A retry is unlikely to help.'

const EXPLANATIONS: Readonly<Record<ImageErrorCode, ImageErrorExplanation>> = {
  EMPTY_FILE: { reason: 'The file has no bytes.', remedy: COPY_AGAIN },
  UNSUPPORTED_IMAGE: {
    reason: 'It is no JPEG or PNG, or a JPEG of a kind that is not read here.',
    remedy: 'Open it in an image viewer and save it as PNG.',
  },
  ANIMATED_NOT_SUPPORTED: {
    reason: 'It is an animation; a single image is needed.',
    remedy: 'Save one frame as a JPEG or PNG.',
  },
  TRUNCATED_IMAGE: {
    reason: 'The file is cut off: part of the image is missing.',
    remedy: COPY_AGAIN,
  },
  CORRUPT_IMAGE: { reason: 'The image is damaged and cannot be decoded.', remedy: COPY_AGAIN },
  TOO_MANY_PIXELS: { reason: 'It has more pixels than the limit allows.', remedy: 'Resize it.' },
  TOO_LARGE: { reason: 'The file exceeds the size limit.', remedy: 'Compress or resize it.' },
  BAD_ASPECT: {
    reason: 'It is too long and thin to be resized for the model.',
    remedy: 'Crop it to the relevant part.',
  },
  DECODE_TIMEOUT: { reason: 'Decoding it took too long.', remedy: COPY_AGAIN },
  DECODE_CRASH: { reason: 'The decoder crashed on it.', remedy: COPY_AGAIN },
  DECODE_OOM: {
    reason: 'There was too little memory to decode it.',
    remedy: 'Retry the run. If it fails again, resize the image or give the evaluator more memory.',
  },
  INFERENCE_TIMEOUT: { reason: 'The model took too long on it.', remedy: RETRY },
  INFERENCE_FAILED: { reason: 'The model failed on it.', remedy: SEE_MODEL },
  INVALID_OUTPUT: { reason: 'The model returned a value that is not a number.', remedy: SEE_MODEL },
  NOT_FOUND: { reason: 'The file is no longer there.', remedy: 'Put it back, then retry the run.' },
  READ_FAILED: { reason: 'The file could not be read.', remedy: RETRY },
  CHANGED_DURING_RUN: {
    reason: 'The file has changed since it was scanned.',
    remedy: 'Launch a new evaluation: it scans the dataset first.',
  },
  UNREACHABLE: { reason: 'Neither the evaluator nor the service could read it.', remedy: RETRY },
}

/** Cause and fix in plain words; a code that only an older release wrote has neither. */
export function explainImageError(code: string): ImageErrorExplanation {
  return Object.hasOwn(EXPLANATIONS, code)
    ? EXPLANATIONS[code as ImageErrorCode]
    : { reason: `It could not be evaluated (${code}).`, remedy: RETRY }
}
