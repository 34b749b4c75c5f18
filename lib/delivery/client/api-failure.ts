/** A refusal or a failure of the REST API, as it was said. */
export class ApiFailure extends Error {
  /** HTTP status; 0 where the service was not reached. */
  readonly status: number
  readonly code: string
  readonly details: unknown
  readonly requestId: string | undefined

  constructor(
    status: number,
    error: { code: string; message: string; details?: unknown; requestId?: string | undefined },
  ) {
    super(error.message)
    this.name = 'ApiFailure'
    this.status = status
    this.code = error.code
    this.details = error.details
    this.requestId = error.requestId
  }

  /** What to say beside each field of a form, by the field's name; empty where the refusal names none. */
  fieldFaults(): Record<string, string> {
    const { details } = this
    if (typeof details !== 'object' || details === null || !('faults' in details)) return {}
    if (!Array.isArray(details.faults)) return {}
    const faults = details.faults.filter(isFieldFault)
    return Object.fromEntries(faults.map(({ path, message }) => [path, message]))
  }
}

function isFieldFault(value: unknown): value is { path: string; message: string } {
  return typeof value === 'object' && value !== null && 'path' in value && 'message' in value
}

/** What a reply that is no success says; a proxy's page instead of JSON is named by its status. */
export async function failureOf(reply: Response): Promise<ApiFailure> {
  const body: unknown = await reply.json().catch(() => null)
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : null
  if (typeof error === 'object' && error !== null && 'code' in error && 'message' in error)
    return new ApiFailure(reply.status, error as { code: string; message: string })
  const message = `The service answered with status ${reply.status}.`
  return new ApiFailure(reply.status, { code: 'UNEXPECTED_REPLY', message })
}
