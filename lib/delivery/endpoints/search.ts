import { z } from 'zod'
import { searchHitSchema } from '#lib/delivery/search/schema.ts'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'
import { queryInteger } from '#lib/platform/api/query-field.ts'

export const searchEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/search',
  summary:
    'Model versions, runs, datasets and images by a part of their name, of the kinds that the caller may read',
  tags: ['service'],
  permission: 'session',
  query: z.strictObject({
    q: z.string().min(1).max(200),
    limit: queryInteger({ min: 1, max: 100 }).default(20),
  }),
  responses: { 200: z.strictObject({ items: z.array(searchHitSchema) }) },
})

export const SEARCH_ENDPOINTS = [searchEndpoint]
