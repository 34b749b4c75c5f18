import type { ImageErrorCode } from '#lib/model/evaluator/evaluator-contract.ts'

/** An image whose bytes could not be had. `code` is the one of its error row. */
export class ImageUnavailable extends Error {
  readonly code: ImageErrorCode

  constructor(code: ImageErrorCode, message: string) {
    super(message)
    this.name = 'ImageUnavailable'
    this.code = code
  }
}
