import { z } from 'zod'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'

const dependency = z.strictObject({ status: z.enum(['ok', 'busy', 'down']), detail: z.string() })
const health = z.strictObject({
  status: z.enum(['ok', 'degraded', 'down']),
  dependencies: z.strictObject({ database: dependency, objectStore: dependency, evaluator: dependency }),
})

export const healthEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/health',
  summary: 'Status of the dependencies; 503 when the database or the object store is unavailable',
  tags: ['service'],
  permission: 'open',
  responses: { 200: health, 503: health },
})

export const metricsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/metrics',
  summary: 'Gauges and counters for Prometheus',
  tags: ['service'],
  permission: 'open',
  responses: {},
  otherContentTypes: ['text/plain'],
})

export const SERVICE_ENDPOINTS = [healthEndpoint, metricsEndpoint]
