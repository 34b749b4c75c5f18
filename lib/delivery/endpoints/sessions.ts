import { z } from 'zod'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'
import { pageOf, pageQuery } from '#lib/platform/api/page.ts'
import { queryBoolean } from '#lib/platform/api/query-field.ts'
import { sessionSchema } from '#lib/platform/auth/schema.ts'

const tags = ['sign-in']

export const listSessionsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/sessions',
  summary: 'Your sessions, newest first',
  tags,
  permission: 'session',
  query: z.strictObject(pageQuery),
  responses: { 200: pageOf(sessionSchema) },
})

export const endSessionEndpoint = defineEndpoint({
  method: 'DELETE',
  path: '/api/sessions/{id}',
  summary: 'End one of your sessions',
  tags,
  permission: 'session',
  params: z.strictObject({ id: z.string().min(1).max(100) }),
  responses: { 204: z.undefined() },
})

export const endSessionsEndpoint = defineEndpoint({
  method: 'DELETE',
  path: '/api/sessions',
  summary: 'End your other sessions, or all of them',
  tags,
  permission: 'session',
  query: z.strictObject({ includeCurrent: queryBoolean().optional() }),
  responses: { 204: z.undefined() },
})

export const SESSION_ENDPOINTS = [listSessionsEndpoint, endSessionEndpoint, endSessionsEndpoint]
