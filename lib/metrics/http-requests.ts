import type { IncomingMessage, ServerResponse } from 'node:http'
import { Counter, Histogram } from 'prom-client'
import { ENDPOINTS } from '#lib/api/endpoints/all.ts'
import { patternOfUrl } from '#lib/http/match-path.ts'
import { metricOnce } from './registry.ts'

const requests = () =>
  metricOnce(
    'http_requests_total',
    (registry) =>
      new Counter({
        name: 'http_requests_total',
        help: 'HTTP requests by method, route and class of status.',
        labelNames: ['method', 'handler', 'status'],
        registers: [registry],
      }),
  )

const durations = () =>
  metricOnce(
    'http_request_duration_seconds',
    (registry) =>
      new Histogram({
        name: 'http_request_duration_seconds',
        help: 'Seconds from a request to the end of its reply.',
        labelNames: ['method', 'handler'],
        buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
        registers: [registry],
      }),
  )

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Counts and times a request when its reply ends. Labels have few values: routes, never addresses. */
export function observeRequest(request: IncomingMessage, response: ServerResponse): void {
  const started = performance.now()
  const handler = patternOfUrl(ENDPOINTS, request.url ?? '/') ?? 'page'
  const method = METHODS.has(request.method ?? '') ? (request.method ?? '') : 'other'
  response.once('close', () => {
    const status = response.headersSent ? `${Math.floor(response.statusCode / 100)}xx` : 'aborted'
    requests().inc({ method, handler, status })
    durations().observe({ method, handler }, (performance.now() - started) / 1000)
  })
}
