import { z } from 'zod'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'

export const getOpenApiEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/openapi.json',
  summary: 'This description, OpenAPI 3.1',
  tags: ['service'],
  permission: 'open',
  responses: { 200: z.record(z.string(), z.unknown()) },
})
