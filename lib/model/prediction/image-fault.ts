import type { ImageErrorCode } from '#lib/model/evaluator/evaluator-contract.ts'
import { type ErrorCode, ServiceError } from '#lib/platform/errors.ts'

const KIND_BY_CODE: Partial<Record<ImageErrorCode, ErrorCode>> = {
  EMPTY_FILE: 'BAD_REQUEST',
  UNSUPPORTED_IMAGE: 'UNSUPPORTED_MEDIA_TYPE',
  ANIMATED_NOT_SUPPORTED: 'UNSUPPORTED_MEDIA_TYPE',
  TOO_MANY_PIXELS: 'TOO_LARGE',
  TOO_LARGE: 'TOO_LARGE',
  DECODE_OOM: 'UNAVAILABLE',
  INFERENCE_TIMEOUT: 'UNAVAILABLE',
  INFERENCE_FAILED: 'UNAVAILABLE',
  READ_FAILED: 'UNAVAILABLE',
}

/** What a caller is told whose one image has no prediction: mostly that the image is at fault (422). */
export function imageFault(line: { code: ImageErrorCode; message: string }): ServiceError {
  return new ServiceError(KIND_BY_CODE[line.code] ?? 'UNPROCESSABLE', line.message, { code: line.code })
}
