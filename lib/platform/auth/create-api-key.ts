import { randomBytes } from 'node:crypto'
import { apiKeys } from '#db/schema/auth.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { Role } from '#lib/platform/permissions.ts'
import { hashApiKey } from './find-api-key-actor.ts'

const KEY_BYTES = 32
const HINT_LENGTH = 9

export type ApiKey = typeof apiKeys.$inferSelect

/**
 * Makes a key and returns it, the only time that it is seen. It acts for whoever makes it, with some of their roles;
 * one made by a task (the first start, an operator on the machine) acts for nobody, with the roles it is given.
 */
export async function createApiKey(
  context: Context,
  input: { name: string; roles: readonly Role[]; expiresAt?: Date | undefined },
): Promise<{ apiKey: ApiKey; key: string }> {
  const { actor } = context
  const beyond = input.roles.filter((role) => !actor.roles.includes(role))
  if (actor.type !== 'task' && beyond.length > 0)
    throw new ServiceError(
      'FORBIDDEN',
      `A key cannot have a role that you do not have: ${beyond.join(', ')}.`,
      {
        code: 'ROLE_BEYOND_OWN',
      },
    )
  if (input.expiresAt !== undefined && input.expiresAt <= context.now)
    throw new ServiceError('UNPROCESSABLE', 'The key would have expired already.', {
      code: 'EXPIRY_IN_THE_PAST',
    })
  const key = `sr_${randomBytes(KEY_BYTES).toString('base64url')}`
  return context.db.transaction(async (tx) => {
    const [apiKey] = await tx
      .insert(apiKeys)
      .values({
        ownerId: actor.userId ?? null,
        name: input.name,
        hint: key.slice(0, HINT_LENGTH),
        keySha256: hashApiKey(key),
        roles: [...new Set(input.roles)],
        createdAt: context.now,
        createdBy: actor.userId ?? actor.id,
        expiresAt: input.expiresAt ?? null,
      })
      .returning()
    if (apiKey === undefined) throw new Error('The new key was not returned.')
    await recordAuditEvent(tx, context, {
      action: 'api-key.create',
      objectType: 'api-key',
      objectId: apiKey.id,
      after: { name: apiKey.name, hint: apiKey.hint, roles: apiKey.roles, expiresAt: apiKey.expiresAt },
    })
    return { apiKey, key }
  })
}
