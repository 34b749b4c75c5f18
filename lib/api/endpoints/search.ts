import { z } from 'zod'
import { defineEndpoint } from '#lib/api/endpoint.ts'
import { queryInteger } from '#lib/api/query-field.ts'
import { SEARCH_KINDS } from '#lib/search/search.ts'

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
  responses: {
    200: z.strictObject({
      items: z.array(
        z.strictObject({
          kind: z.enum(SEARCH_KINDS),
          id: z.string(),
          title: z.string(),
          detail: z.string(),
          href: z.string(),
        }),
      ),
    }),
  },
})

export const SEARCH_ENDPOINTS = [searchEndpoint]
