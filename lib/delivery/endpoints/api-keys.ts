import { z } from 'zod'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'
import { pageOf, pageQuery } from '#lib/platform/api/page.ts'
import { apiKeySchema, ownedApiKeySchema, rolesSchema } from '#lib/platform/auth/schema.ts'
import { ROLES } from '#lib/platform/permissions.ts'
import { nameText } from '#lib/platform/plain-text.ts'

const tags = ['api-keys']

export const listApiKeysEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/api-keys',
  summary: 'Your API keys; for administrators, all keys; for a key, itself and those it made',
  tags,
  permission: 'api-key:own',
  query: z.strictObject(pageQuery),
  responses: { 200: pageOf(ownedApiKeySchema) },
})

export const createApiKeyEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/api-keys',
  summary: 'Create an API key with some of your roles, shown only once; one made by a key ends with that key',
  tags,
  permission: 'api-key:own',
  body: z.strictObject({
    name: nameText(100),
    roles: rolesSchema.min(1).max(ROLES.length),
    expiresAt: z.iso.datetime({ offset: true }).optional(),
  }),
  responses: { 201: apiKeySchema.extend({ key: z.string() }) },
  idempotency: 'transaction',
})

export const revokeApiKeyEndpoint = defineEndpoint({
  method: 'DELETE',
  path: '/api/api-keys/{id}',
  summary: 'Revoke an API key and those it made, from the next request on',
  tags,
  permission: 'api-key:own',
  params: z.strictObject({ id: z.uuid() }),
  responses: { 204: z.undefined() },
})

export const API_KEY_ENDPOINTS = [listApiKeysEndpoint, createApiKeyEndpoint, revokeApiKeyEndpoint]
