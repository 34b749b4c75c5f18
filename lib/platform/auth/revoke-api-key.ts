import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { apiKeys } from '#db/schema/auth.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { visibleApiKeys } from './list-api-keys.ts'

/** Ends a key from the next request on; doing it again changes nothing. Other people's keys are not found. */
export async function revokeApiKey(context: Context, id: string): Promise<void> {
  await context.db.transaction(async (tx) => {
    const [key] = await tx
      .select({ id: apiKeys.id })
      .from(apiKeys)
      .where(and(eq(apiKeys.id, id), visibleApiKeys(context.actor)))
    if (key === undefined) throw new ServiceError('NOT_FOUND', 'This API key does not exist.')
    await revokeWithDescendants(tx, context, id)
  })
}

/**
 * Ends a key and all that it made, and those made. Looks again until there is nothing left to end: a key may be made
 * while we wait for its maker's row, and what is ended makes none any more.
 */
export async function revokeWithDescendants(tx: Database, context: Context, id: string): Promise<void> {
  for (;;) {
    const family = sql`with recursive family as (
      select id from api_keys where id = ${id}::uuid
      union all select child.id from api_keys child join family on child.parent_id = family.id
    ) select id from family`
    const revoked = await tx
      .update(apiKeys)
      .set({ revokedAt: context.now })
      .where(and(inArray(apiKeys.id, sql`(${family})`), isNull(apiKeys.revokedAt)))
      .returning({ id: apiKeys.id })
    if (revoked.length === 0) return
    for (const key of revoked)
      await recordAuditEvent(tx, context, {
        action: 'api-key.revoke',
        objectType: 'api-key',
        objectId: key.id,
        ...(key.id === id ? {} : { reason: `made by the key ${id}` }),
      })
  }
}
