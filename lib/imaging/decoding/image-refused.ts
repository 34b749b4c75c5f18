/** Why bytes give no pixels: the part of the evaluator's image error codes that is known before inference. */
export type ImageRefusalCode =
  | 'EMPTY_FILE'
  | 'UNSUPPORTED_IMAGE'
  | 'ANIMATED_NOT_SUPPORTED'
  | 'TRUNCATED_IMAGE'
  | 'CORRUPT_IMAGE'
  | 'TOO_MANY_PIXELS'
  | 'BAD_ASPECT'

/** An image that the decode policy refuses. It is thrown from deep inside a parser and caught once, by the caller. */
export class ImageRefused extends Error {
  readonly code: ImageRefusalCode

  constructor(code: ImageRefusalCode, message: string) {
    super(message)
    this.name = 'ImageRefused'
    this.code = code
  }
}
