import { ApiFailure, failureOf } from '#lib/delivery/client/api-failure.ts'

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

/** The session has ended: sign in again and come back to this very view. */
function leadToSignIn(): void {
  const here = window.location.pathname + window.location.search
  window.location.assign(`/login?next=${encodeURIComponent(here)}`)
}
