import createClient, { type Client } from 'openapi-fetch'
import { ApiFailure, failureOf } from './api-failure.ts'
import type { ApiPaths } from './api-paths.ts'

export type ApiClient = Client<ApiPaths>

type Options = {
  /** Empty in the browser: the page's own address. */
  baseUrl: string
  headers?: Record<string, string>
  /** Where nothing is said, calls wait as long as the service takes. */
  timeoutMs?: number
  /** Told of each refusal before it is thrown. */
  onFailure?: (failure: ApiFailure, address: string) => void
}

/**
 * The REST API, typed by the schemas that validate it. A call throws `ApiFailure` for anything but success; `dataOf`
 * takes the body out of the reply.
 */
export function openApiClient({ baseUrl, headers, timeoutMs, onFailure }: Options): ApiClient {
  const client = createClient<ApiPaths>({
    baseUrl,
    headers: { Accept: 'application/json', ...headers },
    ...(timeoutMs === undefined
      ? {}
      : { fetch: (request) => fetch(request, { signal: AbortSignal.timeout(timeoutMs) }) }),
  })
  client.use({
    onResponse: async ({ response, schemaPath }) => {
      if (response.ok) return
      const failure = await failureOf(response)
      onFailure?.(failure, schemaPath)
      throw failure
    },
    onError: ({ error, request }) => {
      if (error instanceof ApiFailure || request.signal.aborted) return
      return new ApiFailure(0, {
        code: 'NOT_REACHED',
        message: 'The service cannot be reached. Check the connection and try again.',
      })
    },
  })
  return client
}

/** The body of a successful reply; undefined where it has none. */
export async function dataOf<Data>(call: Promise<{ data?: Data }>): Promise<Data> {
  return (await call).data as Data
}
