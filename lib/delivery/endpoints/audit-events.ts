import { z } from 'zod'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'
import { pageOf, pageQuery } from '#lib/platform/api/page.ts'
import { queryInstant } from '#lib/platform/api/query-field.ts'
import { AUDIT_ACTIONS, AUDIT_OBJECT_TYPES } from '#lib/platform/audit/actions.ts'
import { auditEventSchema, chainCheckSchema } from '#lib/platform/audit/schema.ts'

const tags = ['audit-events']

export const listAuditEventsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/audit-events',
  summary: 'Who did what, newest first',
  tags,
  permission: 'audit-event:read',
  query: z.strictObject({
    ...pageQuery,
    actor: z.string().min(1).max(254).optional().describe('An id, an e-mail address or a key’s name'),
    action: z.enum(AUDIT_ACTIONS).optional(),
    objectType: z.enum(AUDIT_OBJECT_TYPES).optional(),
    object: z.string().min(1).max(500).optional().describe('An id; of a route, its method and address'),
    from: queryInstant().optional(),
    to: queryInstant().optional(),
  }),
  responses: { 200: pageOf(auditEventSchema) },
})

export const verifyAuditEventsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/audit-events/verify',
  summary: 'Verify the hash chain and name the first broken event',
  tags,
  permission: 'audit-event:read',
  responses: { 200: chainCheckSchema },
})

export const AUDIT_ENDPOINTS = [listAuditEventsEndpoint, verifyAuditEventsEndpoint]
