import { type ApiClient, openApiClient } from '#lib/delivery/client/api-client.ts'

/** Longer than an admission; an answer that takes more will not come. */
const TIMEOUT_MS = 300_000

/** The REST API of the service at `url`, with one key. */
export type ServiceClient = { url: string; api: ApiClient }

export function openServiceClient(url: string, apiKey: string): ServiceClient {
  const headers = { Authorization: `Bearer ${apiKey}` }
  return { url, api: openApiClient({ baseUrl: url.replace(/\/+$/, ''), headers, timeoutMs: TIMEOUT_MS }) }
}

/** The header that makes a creating call safe to repeat. */
export function oneCall(): { 'Idempotency-Key': string } {
  return { 'Idempotency-Key': crypto.randomUUID() }
}
