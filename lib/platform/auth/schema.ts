import { z } from 'zod'
import { instant } from '#lib/platform/api/instant.ts'
import { ROLES } from '#lib/platform/permissions.ts'

/** An instant that is text already. */
const instantText = z.iso.datetime()
export const rolesSchema = z.array(z.enum(ROLES))

/** A person as they see themselves. */
export const personSchema = z.strictObject({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  roles: rolesSchema,
})

/** A person as administrators see them. */
export const userSchema = personSchema.extend({
  status: z.enum(['active', 'invited', 'disabled']),
  createdAt: instant,
  lastSignInAt: instant.nullable(),
  disabledAt: instant.nullable(),
})
export type UserView = z.infer<typeof userSchema>

export const oneTimeLinkSchema = z.strictObject({ url: z.string(), expiresAt: instant })
export type OneTimeLink = z.infer<typeof oneTimeLinkSchema>

/** A key as it is answered: without its hash. */
export const apiKeySchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  hint: z.string().describe('The first characters of the key'),
  roles: rolesSchema,
  ownerId: z.string().nullable(),
  parentId: z.uuid().nullable().describe('The key that made it, and ends no sooner than it'),
  createdAt: instantText,
  expiresAt: instantText.nullable(),
  revokedAt: instantText.nullable(),
})
export type ApiKeyView = z.infer<typeof apiKeySchema>

/** As it stands in a list. */
export const ownedApiKeySchema = apiKeySchema.extend({
  ownerEmail: z.string().nullable().describe('Whom it acts for; null for a key made on the machine'),
})
export type OwnedApiKeyView = z.infer<typeof ownedApiKeySchema>

/** A session as it is answered: without its token. */
export const sessionSchema = z.strictObject({
  id: z.string(),
  createdAt: instant,
  lastSeenAt: instant.describe('To the minute'),
  expiresAt: instant,
  userAgent: z.string().nullable(),
  ipAddress: z.string().nullable(),
  current: z.boolean().describe('The one that this request belongs to'),
})
export type SessionView = z.infer<typeof sessionSchema>
