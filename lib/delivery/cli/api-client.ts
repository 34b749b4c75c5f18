import { NotDone } from './exit-code.ts'

/** An answer of the service that is no success. */
export class ApiFault extends NotDone {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(`${message} (${code})`)
    this.status = status
    this.code = code
  }
}

/** Longer than an admission; an answer that takes more will not come. */
const TIMEOUT_MS = 300_000

/** The service's REST API with one key. */
export class ApiClient {
  readonly url: string
  readonly #apiKey: string

  constructor(url: string, apiKey: string) {
    this.url = url
    this.#apiKey = apiKey
  }

  async get<T>(path: string): Promise<T> {
    return (await this.#send('GET', path)) as T
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() }
    return (await this.#send('POST', path, { body: JSON.stringify(body), headers })) as T
  }

  /** Without a body, for verbs that are safe to repeat. */
  async call<T>(path: string): Promise<T> {
    return (await this.#send('POST', path)) as T
  }

  async upload<T>(path: string, form: FormData): Promise<T> {
    return (await this.#send('POST', path, { body: form })) as T
  }

  async #send(method: string, path: string, init: RequestInit = {}): Promise<unknown> {
    const headers = { ...init.headers, Authorization: `Bearer ${this.#apiKey}` }
    let response: Response
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS)
      response = await fetch(new URL(path, this.url), { ...init, method, headers, signal })
    } catch {
      throw new NotDone(`${this.url} does not answer.`)
    }
    const reply: unknown = await response.json().catch(() => null)
    if (!response.ok) throw faultOf(response.status, reply)
    return reply
  }
}

function faultOf(status: number, reply: unknown): ApiFault {
  const error = typeof reply === 'object' && reply !== null && 'error' in reply ? reply.error : null
  if (typeof error !== 'object' || error === null || !('code' in error) || !('message' in error))
    return new ApiFault(
      status,
      `HTTP_${status}`,
      'The service answers with an error that it does not explain.',
    )
  return new ApiFault(status, String(error.code), String(error.message))
}
