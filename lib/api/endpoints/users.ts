import { z } from 'zod'
import { defineEndpoint } from '#lib/api/endpoint.ts'
import { pageOf, pageQuery } from '#lib/api/page.ts'
import { emailSchema } from '#lib/auth/email-address.ts'
import { ROLES } from '#lib/auth/permissions.ts'

const tags = ['users']

const userSchema = z.strictObject({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  roles: z.array(z.enum(ROLES)),
  createdAt: z.iso.datetime(),
  disabledAt: z.iso.datetime().nullable(),
})

export const listUsersEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/users',
  summary: 'The people who can sign in',
  tags,
  permission: 'user:manage',
  query: z.strictObject(pageQuery),
  responses: { 200: pageOf(userSchema) },
})

export const createUserEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/users',
  summary: 'Add a person who signs in with a password',
  tags,
  permission: 'user:manage',
  body: z.strictObject({
    email: emailSchema,
    name: z.string().trim().min(1).max(200),
    password: z.string().min(1).max(128),
    roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length),
  }),
  responses: { 201: userSchema },
  idempotency: 'transaction',
})

export const USER_ENDPOINTS = [listUsersEndpoint, createUserEndpoint]
