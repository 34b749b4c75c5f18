/** What a caller may be told went wrong: a closed list, mapped to HTTP in one place (`lib/api/respond.ts`). */
export type ErrorCode =
  | 'BAD_REQUEST'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'CONFLICT'
  | 'TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'UNPROCESSABLE'
  | 'TOO_MANY_REQUESTS'
  | 'INSUFFICIENT_STORAGE'
  | 'UNAVAILABLE'

/**
 * An expected failure. `kind` decides the HTTP status, `code` is the stable name that clients test
 * (`EMPTY_DATASET`, `MODEL_PARSE`, …), `message` names the thing and the remedy.
 */
export class ServiceError extends Error {
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
