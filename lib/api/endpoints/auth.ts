import { z } from 'zod'
import { defineEndpoint } from '#lib/api/endpoint.ts'
import { emailSchema } from '#lib/auth/email-address.ts'
import { PERMISSIONS, type Permission, ROLES } from '#lib/auth/permissions.ts'

const tags = ['sign-in']
const userSchema = z.strictObject({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  roles: z.array(z.enum(ROLES)),
})
const permissionSchema = z.enum(Object.keys(PERMISSIONS) as [Permission, ...Permission[]])

export const signInEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/auth/sign-in/email',
  summary: 'Open a session with e-mail address and password',
  tags,
  permission: 'open',
  body: z.strictObject({ email: emailSchema, password: z.string().min(1).max(128) }),
  responses: { 200: z.strictObject({ user: userSchema }) },
})

export const signOutEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/auth/sign-out',
  summary: 'End the session',
  tags,
  permission: 'session',
  responses: { 204: z.undefined() },
})

export const getSessionEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/auth/get-session',
  summary: 'Who is signed in, and what they may do',
  tags,
  permission: 'session',
  responses: {
    200: z.strictObject({
      actor: z.strictObject({
        type: z.enum(['user', 'api-key']),
        id: z.string(),
        name: z.string(),
        roles: z.array(z.enum(ROLES)),
      }),
      permissions: z.array(permissionSchema),
    }),
  },
})

export const SIGN_IN_ENDPOINTS = [signInEndpoint, signOutEndpoint, getSessionEndpoint]
