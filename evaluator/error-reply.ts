import { type ErrorCode, ServiceError } from '#lib/platform/errors.ts'

export type ErrorReply = { status: number; code: string; message: string }

const STATUS: Record<ErrorCode, number> = {
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TIMEOUT: 408,
  CONFLICT: 409,
  GONE: 410,
  TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNPROCESSABLE: 422,
  TOO_MANY_REQUESTS: 429,
  INSUFFICIENT_STORAGE: 507,
  UNAVAILABLE: 503,
}

const FRAMEWORK_CODES: Record<number, ErrorCode> = {
  404: 'NOT_FOUND',
  413: 'TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
}

/** Any error as the caller sees it. Unexpected ones say nothing: their text is for the log. */
export function toErrorReply(error: unknown): ErrorReply {
  if (error instanceof ServiceError)
    return { status: STATUS[error.kind], code: error.code, message: error.message }
  const status = statusOf(error)
  if (error instanceof Error && status >= 400 && status < 500)
    return { status, code: FRAMEWORK_CODES[status] ?? 'BAD_REQUEST', message: error.message }
  return { status: 500, code: 'INTERNAL', message: 'The evaluator failed; its log has the reason.' }
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return 500
  return typeof error.statusCode === 'number' ? error.statusCode : 500
}
