import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isAllowedHost } from '#lib/platform/http/host-allow-list.ts'
import { methodsOfPath } from '#lib/platform/http/match-path.ts'
import { ENDPOINTS } from './all.ts'

const MAX_URL_LENGTH = 8_192
/** Pages and their files are only shown: no form is sent to one, and the framework fails on those it does not know. */
const PAGE_METHODS = ['GET', 'HEAD']

/**
 * Answers what no route shall see: an address that is too long (414) or names another server, `GET http://…` (400); a
 * foreign host name (421); an API address that is not there (404, in JSON); a method that the address does not have
 * (405, naming those it has); anything but a look at a page (405). True when it answered.
 */
export function refuseRequest(
  request: IncomingMessage,
  response: ServerResponse,
  settings: { host: string; baseUrl: string; allowedHosts: readonly string[] },
): boolean {
  const refuse = (status: number, code: string, message: string, headers: Record<string, string> = {}) => {
    const requestId = randomUUID()
    response.writeHead(status, {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'X-Request-Id': requestId,
      ...headers,
    })
    response.end(JSON.stringify({ error: { code, message, requestId } }))
    return true
  }
  const url = request.url ?? '/'
  if (url.length > MAX_URL_LENGTH)
    return refuse(414, 'URI_TOO_LONG', `The address has more than ${MAX_URL_LENGTH} characters.`)
  if (!url.startsWith('/')) return refuse(400, 'BAD_ADDRESS', 'The address in a request begins with a slash.')
  if ((request.headersDistinct.host?.length ?? 0) > 1)
    return refuse(400, 'BAD_REQUEST', 'The request has more than one Host header.')
  if (!isAllowedHost(request.headers.host, settings))
    return refuse(
      421,
      'MISDIRECTED_REQUEST',
      'This host name is not the service’s: set BASE_URL to the address that people use, or add the name to ALLOWED_HOSTS.',
    )
  delete request.headers['x-middleware-subrequest'] // internal to the framework: never taken from outside
  delete request.headers['content-security-policy']
  const method = request.method ?? 'GET'
  const allowed = methodsOfPath(ENDPOINTS, url)
  if (allowed === null && /^\/+api(\/|\?|$)/i.test(url))
    return refuse(404, 'NOT_FOUND', 'There is nothing at this address: /api/openapi.json has them all.')
  if (allowed !== null && !allowed.includes(method))
    return refuse(405, 'METHOD_NOT_ALLOWED', `${method} is not possible here; ${allowed.join(', ')} is.`, {
      Allow: allowed.join(', '),
    })
  if (allowed === null && !PAGE_METHODS.includes(method))
    return refuse(
      405,
      'METHOD_NOT_ALLOWED',
      `${method} is not possible here; ${PAGE_METHODS.join(', ')} is.`,
      {
        Allow: PAGE_METHODS.join(', '),
      },
    )
  return false
}
