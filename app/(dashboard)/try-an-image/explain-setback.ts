import { explainImageError } from '#app/_format/explain-image-error.ts'
import type { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import type { Setback, Trial } from './trial.ts'

const EXPORT_AGAIN = 'Copy or export the image again and choose the new copy.'
const SMALLER = 'Save a smaller copy, for example as JPEG.'
const OTHER_VERSION = 'Choose another model version.'

/** What the user can do about a faulty image, by the code of the refusal. */
const IMAGE_REMEDIES: Readonly<Record<string, string>> = {
  EMPTY_FILE: EXPORT_AGAIN,
  UNSUPPORTED_IMAGE: 'Save it as PNG and choose that file.',
  ANIMATED_NOT_SUPPORTED: 'Save one frame as PNG.',
  TRUNCATED_IMAGE: EXPORT_AGAIN,
  CORRUPT_IMAGE: EXPORT_AGAIN,
  TOO_MANY_PIXELS: SMALLER,
  TOO_LARGE: SMALLER,
  BAD_ASPECT: 'Crop it to the relevant part.',
  DECODE_TIMEOUT: SMALLER,
  DECODE_CRASH: EXPORT_AGAIN,
  DECODE_OOM: SMALLER,
  INVALID_OUTPUT: `The model failed, not the image. ${OTHER_VERSION}`,
}

/** A refusal or a failure in words; the image stays chosen where the same one may do better the next time. */
export function explainSetback(failure: ApiFailure, trial: Trial): Setback {
  const { code, status, message } = failure
  const remedy = Object.hasOwn(IMAGE_REMEDIES, code) ? IMAGE_REMEDIES[code] : undefined
  if (remedy !== undefined)
    return {
      title: `${trial.file.name} cannot be used`,
      // What is no JPEG or PNG at all was told before it was sent: this is one of an unusual kind.
      reason:
        code === 'UNSUPPORTED_IMAGE' ? `It cannot be read: ${message}.` : explainImageError(code).reason,
      remedy,
      again: null,
    }
  return {
    title: `No prediction for ${trial.file.name}`,
    ...explainService(status, code, message),
    again: trial,
  }
}

function explainService(status: number, code: string, message: string) {
  if (code === 'NOT_REACHED')
    return {
      reason: 'The connection was lost, or the file has changed.',
      remedy: 'Try again. If the file has changed, choose it again.',
    }
  if (status === 401) return { reason: message, remedy: 'The image is still chosen.' }
  if (status === 404 || status === 409) return { reason: message, remedy: OTHER_VERSION }
  if (code === 'INFERENCE_TIMEOUT' || code === 'INFERENCE_FAILED')
    return {
      reason: explainImageError(code).reason,
      remedy: 'Try again, or choose another model version.',
    }
  if (status === 503)
    return {
      reason: 'The evaluator, which runs the models, is unavailable.',
      remedy: 'Try again in a moment.',
    }
  return { reason: message, remedy: 'Try again.' }
}
