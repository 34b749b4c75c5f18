/** A refusal or a failure of the REST API, as it was said. */
export class ApiFailure extends Error {
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

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
type Options = { body?: unknown; form?: FormData; signal?: AbortSignal; idempotencyKey?: string }

/** Asks the REST API with the session's cookie; throws `ApiFailure` for anything but success. */
export async function callApi<Reply>(method: Method, address: string, options: Options = {}): Promise<Reply> {
  const reply = await send(method, address, options)
  if (reply.status === 401 && !address.startsWith('/api/auth/')) leadToSignIn()
  if (reply.ok) return (reply.status === 204 ? undefined : await reply.json()) as Reply
  throw await failureOf(reply)
}

async function send(method: Method, address: string, options: Options): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (options.body !== undefined) headers['Content-Type'] = 'application/json'
  if (options.idempotencyKey !== undefined) headers['Idempotency-Key'] = options.idempotencyKey
  try {
    return await fetch(address, {
      method,
      headers,
      body: options.form ?? (options.body === undefined ? null : JSON.stringify(options.body)),
      signal: options.signal ?? null,
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new ApiFailure(0, {
      code: 'NOT_REACHED',
      message: 'The service cannot be reached. Check the connection and try again.',
    })
  }
}

async function failureOf(reply: Response): Promise<ApiFailure> {
  const body = await reply.json().catch(() => null)
  const error = body?.error ?? {
    code: 'UNEXPECTED_REPLY',
    message: `The service answered with status ${reply.status}.`,
  }
  return new ApiFailure(reply.status, error)
}

/** The session has ended: sign in again and come back to this very view. */
function leadToSignIn(): void {
  const here = window.location.pathname + window.location.search
  window.location.assign(`/login?next=${encodeURIComponent(here)}`)
}
