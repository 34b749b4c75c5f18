import { z } from 'zod'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'
import { pageOf, pageQuery } from '#lib/platform/api/page.ts'
import { emailSchema } from '#lib/platform/auth/email-address.ts'
import { MAX_PASSWORD_LENGTH } from '#lib/platform/auth/password-rules.ts'
import { oneTimeLinkSchema, rolesSchema, userSchema } from '#lib/platform/auth/schema.ts'
import { ROLES } from '#lib/platform/permissions.ts'
import { nameText } from '#lib/platform/plain-text.ts'

const tags = ['users']
const byId = z.strictObject({ id: z.string().min(1).max(100) })
const roles = rolesSchema.min(1).max(ROLES.length)
const name = nameText(200)

export const listUsersEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/users',
  summary: 'The users, including invited ones',
  tags,
  permission: 'user:manage',
  query: z.strictObject(pageQuery),
  responses: { 200: pageOf(userSchema) },
})

export const createUserEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/users',
  summary: 'Add a user: with a password, or with an invitation link, shown only once',
  tags,
  permission: 'user:manage',
  body: z.strictObject({
    email: emailSchema,
    name: name.optional(),
    password: z.string().min(1).max(MAX_PASSWORD_LENGTH).optional(),
    roles,
  }),
  responses: { 201: userSchema.extend({ invitation: oneTimeLinkSchema.optional() }) },
  idempotency: 'transaction',
})

export const updateUserEndpoint = defineEndpoint({
  method: 'PATCH',
  path: '/api/users/{id}',
  summary:
    'Change name or roles, disable or enable; other roles and being disabled end the person’s sessions',
  tags,
  permission: 'user:manage',
  params: byId,
  body: z
    .strictObject({ name: name.optional(), roles: roles.optional(), disabled: z.boolean().optional() })
    .refine((change) => Object.keys(change).length > 0, 'changes nothing'),
  responses: { 200: userSchema },
})

export const deleteUserEndpoint = defineEndpoint({
  method: 'DELETE',
  path: '/api/users/{id}',
  summary: 'Remove a user with their sessions and keys; the audit log keeps their actions',
  tags,
  permission: 'user:manage',
  params: byId,
  responses: { 204: z.undefined() },
})

export const resetPasswordEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/users/{id}/password-reset',
  summary: 'A password-reset link, shown only once and valid for one hour',
  tags,
  permission: 'user:manage',
  params: byId,
  responses: { 200: oneTimeLinkSchema },
})

export const renewInvitationEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/users/{id}/invitation',
  summary: 'A new invitation link, shown only once, for an invited user; the earlier one ends',
  tags,
  permission: 'user:manage',
  params: byId,
  responses: { 200: oneTimeLinkSchema },
})

export const USER_ENDPOINTS = [
  listUsersEndpoint,
  createUserEndpoint,
  updateUserEndpoint,
  deleteUserEndpoint,
  resetPasswordEndpoint,
  renewInvitationEndpoint,
]
