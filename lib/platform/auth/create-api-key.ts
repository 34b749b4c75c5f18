import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { apiKeys } from '#db/schema/auth.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Actor, Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { Role } from '#lib/platform/permissions.ts'
import { isPlainText } from '#lib/platform/plain-text.ts'
import { hashApiKey } from './find-api-key-actor.ts'

const KEY_BYTES = 32
const HINT_LENGTH = 9

export type ApiKey = typeof apiKeys.$inferSelect

type NewKey = { name: string; roles: readonly Role[]; expiresAt?: Date | undefined }

/**
 * Makes a key and returns it, the only time that it is seen. It acts for the user who makes it, with some of their roles;
 * one made by a task (the first start, an operator on the machine) acts for no user, with the roles it is given. One
 * made by a key ends with that key: a key that was stolen leaves nothing behind.
 */
export async function createApiKey(
  context: Context,
  input: NewKey,
): Promise<{ apiKey: ApiKey; key: string }> {
  const { actor } = context
  requireAcceptable(context, input)
  const key = `sr_${randomBytes(KEY_BYTES).toString('base64url')}`
  return context.db.transaction(async (tx) => {
    const parent = actor.type === 'api-key' ? await lockMaker(tx, actor) : null
    const [apiKey] = await tx
      .insert(apiKeys)
      .values({
        ownerId: actor.userId ?? null,
        parentId: parent?.id ?? null,
        name: input.name,
        hint: key.slice(0, HINT_LENGTH),
        keySha256: hashApiKey(key),
        roles: [...new Set(input.roles)],
        createdAt: context.now,
        createdBy: actor.userId ?? actor.id,
        expiresAt: endOf(input, parent),
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

function requireAcceptable({ actor, now }: Context, input: NewKey): void {
  const beyond = input.roles.filter((role) => !actor.roles.includes(role))
  if (actor.type !== 'task' && beyond.length > 0)
    throw new ServiceError(
      'FORBIDDEN',
      `A key cannot have a role that you do not have: ${beyond.join(', ')}.`,
      { code: 'ROLE_BEYOND_OWN' },
    )
  if (!isPlainText(input.name))
    throw new ServiceError('BAD_REQUEST', 'A key’s name is plain text: leave control characters out.', {
      code: 'INVALID_INPUT',
    })
  if (input.expiresAt !== undefined && input.expiresAt <= now)
    throw new ServiceError('UNPROCESSABLE', 'The expiry date is in the past.', {
      code: 'EXPIRY_IN_THE_PAST',
    })
}

/** The key that makes another one, locked: it may be revoked at this moment, and then makes none any more. */
async function lockMaker(tx: Database, actor: Actor): Promise<ApiKey> {
  const [maker] = await tx.select().from(apiKeys).where(eq(apiKeys.id, actor.id)).for('update')
  if (maker === undefined || maker.revokedAt !== null)
    throw new ServiceError('UNAUTHENTICATED', 'This API key is not valid.', { code: 'BAD_API_KEY' })
  return maker
}

/** A key made by a key ends with it at the latest, which is also where nothing else is said. */
function endOf(input: NewKey, parent: ApiKey | null): Date | null {
  const latest = parent?.expiresAt ?? null
  if (input.expiresAt === undefined || latest === null) return input.expiresAt ?? latest
  if (input.expiresAt > latest)
    throw new ServiceError(
      'UNPROCESSABLE',
      `The key that makes this one ends at ${latest.toISOString()}: choose no later end, or make the key as a person.`,
      { code: 'EXPIRY_BEYOND_OWN' },
    )
  return input.expiresAt
}
