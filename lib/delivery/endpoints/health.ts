import { healthSchema } from '#lib/delivery/health/schema.ts'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'

export const healthEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/health',
  summary: 'Status of the dependencies; 503 when the database or the object store is unavailable',
  tags: ['service'],
  permission: 'open',
  responses: { 200: healthSchema, 503: healthSchema },
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
