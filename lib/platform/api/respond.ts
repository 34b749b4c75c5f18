import { type ErrorCode, ServiceError } from '#lib/platform/errors.ts'
import { storageFault } from '#lib/platform/faults/storage-fault.ts'

const STATUS_BY_KIND: Readonly<Record<ErrorCode, number>> = {
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
  UNAVAILABLE: 503,
  INSUFFICIENT_STORAGE: 507,
}

/** Long enough for a restarted database to be back, short enough for a person to wait. */
const RETRY_AFTER_SECONDS = 5

/** On every reply of the API: what is answered to one user is stored by no cache. */
export function withStandardHeaders(response: Response, requestId: string): Response {
  const headers = new Headers(response.headers)
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'private, no-store')
  headers.set('X-Content-Type-Options', 'nosniff')
  headers.set('X-Request-Id', requestId)
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}

/** The one place where failures become HTTP. `fault` is set where it was a surprise, for the log. */
export function errorResponse(error: unknown, requestId: string): { response: Response; fault?: unknown } {
  if (error instanceof ServiceError) return { response: expected(error, requestId) }
  const known = storageFault(error)
  if (known !== null) return { response: expected(known, requestId), fault: error }
  const body = {
    code: 'INTERNAL',
    message: 'Something went wrong here; the log has it under this request id.',
  }
  return { response: Response.json({ error: { ...body, requestId } }, { status: 500 }), fault: error }
}

function expected(error: ServiceError, requestId: string): Response {
  const details = error.details === undefined ? {} : { details: error.details }
  const body = { error: { code: error.code, message: error.message, ...details, requestId } }
  return Response.json(body, { status: STATUS_BY_KIND[error.kind], headers: headersOf(error) })
}

function headersOf(error: ServiceError): Record<string, string> {
  if (error.kind === 'UNAUTHENTICATED') return { 'WWW-Authenticate': 'Bearer' }
  if (error.kind === 'UNAVAILABLE' || error.kind === 'TOO_MANY_REQUESTS')
    return { 'Retry-After': String(retryAfterSeconds(error.details) ?? RETRY_AFTER_SECONDS) }
  return {}
}

function retryAfterSeconds(details: unknown): number | undefined {
  if (typeof details !== 'object' || details === null || !('retryAfterSeconds' in details)) return undefined
  return typeof details.retryAfterSeconds === 'number' ? Math.ceil(details.retryAfterSeconds) : undefined
}
