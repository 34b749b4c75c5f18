import { defineEndpoint } from '#lib/platform/api/endpoint.ts'

export const followDashboardEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/events',
  summary: 'Server-sent events of the whole dashboard: run, run-progress, snapshot, dependency',
  tags: ['service'],
  permission: 'evaluation-run:read',
  responses: {},
  otherContentTypes: ['text/event-stream'],
})

export const EVENT_ENDPOINTS = [followDashboardEndpoint]
