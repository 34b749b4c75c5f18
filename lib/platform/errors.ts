/** What a caller may be told went wrong: a closed list, mapped to HTTP in one place (`lib/platform/api/respond.ts`). */
export type ErrorCode =
  | 'BAD_REQUEST'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'REQUEST_TIMEOUT'
  | 'CONFLICT'
  | 'GONE'
  | 'TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'UNPROCESSABLE'
  | 'TOO_MANY_REQUESTS'
  | 'INSUFFICIENT_STORAGE'
  | 'UNAVAILABLE'

const brand = Symbol.for('second-reader.ServiceError')

/**
 * An expected failure. `kind` decides the HTTP status, `code` is the stable name that clients test
 * (`EMPTY_DATASET`, `MODEL_PARSE`, …), `message` names the thing and the remedy.
 */
export class ServiceError extends Error {
  /** The bundler and plain Node load this module once each: an error of the one is an error of the other. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && brand in value
  }

  readonly [brand] = true
  readonly kind: ErrorCode
  readonly code: string
  readonly details: unknown

  constructor(
    kind: ErrorCode,
    message: string,
    options: { code?: string; details?: unknown; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'ServiceError'
    this.kind = kind
    this.code = options.code ?? kind
    this.details = options.details
  }
}

/** Refused for the moment alone: the same may be asked again soon. */
export function isBusy({ kind }: ServiceError): boolean {
  return kind === 'TOO_MANY_REQUESTS' || kind === 'UNAVAILABLE'
}
