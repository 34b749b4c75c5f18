export type ModelRefusalCode =
  | 'MODEL_PARSE'
  | 'MODEL_OPSET'
  | 'MODEL_UNSUPPORTED_OP'
  | 'MODEL_EXTERNAL_DATA'
  | 'MODEL_SIGNATURE'
  | 'MODEL_INPUT_TYPE'
  | 'MODEL_OUTPUT_TYPE'
  | 'MODEL_OUTPUT_SHAPE'
  | 'MODEL_OUTPUT_KIND'
  | 'MODEL_NOT_FINITE'
  | 'MODEL_NOT_DETERMINISTIC'
  | 'MODEL_TIMEOUT'
  | 'MODEL_OOM'
  | 'MODEL_CRASH'
  | 'CLASS_COUNT_MISMATCH'

/** A model that is not admitted, and why. Thrown while it is examined and caught once, where the reply is made. */
export class ModelRefused extends Error {
  readonly code: ModelRefusalCode

  constructor(code: ModelRefusalCode, message: string) {
    super(message)
    this.name = 'ModelRefused'
    this.code = code
  }
}
