import { z } from 'zod'
import { LINK_PURPOSES } from '#db/schema/enumerations.ts'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'
import { instant } from '#lib/platform/api/instant.ts'
import { emailSchema } from '#lib/platform/auth/email-address.ts'
import { MAX_PASSWORD_LENGTH } from '#lib/platform/auth/password-rules.ts'
import { personSchema, rolesSchema } from '#lib/platform/auth/schema.ts'
import { PERMISSIONS, type Permission } from '#lib/platform/permissions.ts'
import { nameText } from '#lib/platform/plain-text.ts'

const tags = ['sign-in']
/** Of what any client may send, held in memory while it arrives. */
const OPEN_BODY_BYTES = 16 * 1024
const password = z.string().min(1).max(MAX_PASSWORD_LENGTH)
const token = z.string().min(1).max(200)
const name = nameText(200)
const permissionSchema = z.enum(Object.keys(PERMISSIONS) as [Permission, ...Permission[]])

export const signInEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/auth/sign-in/email',
  summary: 'Open a session with e-mail address and password',
  tags,
  permission: 'open',
  body: z.strictObject({ email: emailSchema, password }),
  bodyLimitBytes: OPEN_BODY_BYTES,
  responses: { 200: z.strictObject({ user: personSchema }) },
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
        roles: rolesSchema,
      }),
      user: personSchema.nullable().describe('The person; null for an API key'),
      permissions: z.array(permissionSchema),
    }),
  },
})

export const getLinkEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/auth/token',
  summary: 'What a one-time link is for; 404 when it is used or unknown, 410 when it has expired',
  tags,
  permission: 'open',
  query: z.strictObject({ token, purpose: z.enum(LINK_PURPOSES) }),
  responses: {
    200: z.strictObject({
      purpose: z.enum(LINK_PURPOSES),
      email: z.string().optional(),
      name: z.string().optional(),
      expiresAt: instant,
    }),
  },
})

export const redeemLinkEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/auth/redeem-token',
  summary: 'Choose a password with a one-time link, and sign in; a link works once',
  tags,
  permission: 'open',
  body: z.discriminatedUnion('purpose', [
    z.strictObject({
      purpose: z.literal('setup'),
      token,
      password,
      email: emailSchema,
      name: name.optional(),
    }),
    z.strictObject({ purpose: z.literal('invitation'), token, password, name: name.optional() }),
    z.strictObject({ purpose: z.literal('password-reset'), token, password }),
  ]),
  bodyLimitBytes: OPEN_BODY_BYTES,
  responses: { 200: z.strictObject({ user: personSchema }) },
})

export const changePasswordEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/auth/change-password',
  summary: 'Change your password; ends your other sessions',
  tags,
  permission: 'session',
  body: z.strictObject({ currentPassword: password, newPassword: password }),
  responses: { 204: z.undefined() },
})

export const SIGN_IN_ENDPOINTS = [
  signInEndpoint,
  signOutEndpoint,
  getSessionEndpoint,
  getLinkEndpoint,
  redeemLinkEndpoint,
  changePasswordEndpoint,
]
