import type { IncomingMessage, ServerResponse } from 'node:http'
import { Counter } from 'prom-client'
import { ENDPOINTS } from '#lib/delivery/endpoints/all.ts'
import { patternOfUrl } from '#lib/platform/http/match-path.ts'
import { httpRequestDuration } from './http-request-duration.ts'
import { familyOf } from './registry.ts'

const NAME = 'http_requests_total'
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

export function httpRequests() {
  return familyOf(
    NAME,
    (registry) =>
      new Counter({
        name: NAME,
        help: 'HTTP requests by method, route and class of status',
        labelNames: ['method', 'handler', 'status'],
        registers: [registry],
      }),
  )
}

/** Counts a request and its time once its reply has ended or was cut; call it first of all. */
export function observeRequest(request: IncomingMessage, response: ServerResponse): void {
  const begun = performance.now()
  response.once('close', () => {
    const method = METHODS.has(request.method ?? '') ? (request.method ?? '') : 'other'
    const handler = handlerOf(request.url ?? '/')
    const status = response.headersSent ? `${Math.floor(response.statusCode / 100)}xx` : 'aborted'
    httpRequests().inc({ method, handler, status })
    httpRequestDuration().observe({ method, handler }, (performance.now() - begun) / 1000)
  })
}

/** Few values whatever is asked for: the API's routes by pattern, and all pages and files of the interface as one. */
function handlerOf(url: string): string {
  return patternOfUrl(ENDPOINTS, url) ?? (url.startsWith('/api/') ? 'none' : 'page')
}
