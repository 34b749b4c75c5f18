import { and, eq, isNull } from 'drizzle-orm'
import { apiKeys } from '#db/schema/auth.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { visibleApiKeys } from './list-api-keys.ts'

/** Ends a key from the next request on; doing it again changes nothing. Other people's keys are not found. */
export async function revokeApiKey(context: Context, id: string): Promise<void> {
  await context.db.transaction(async (tx) => {
    const [key] = await tx
      .select()
      .from(apiKeys)
      .where(and(eq(apiKeys.id, id), visibleApiKeys(context.actor)))
    if (key === undefined) throw new ServiceError('NOT_FOUND', 'There is no such API key.')
    const revoked = await tx
      .update(apiKeys)
      .set({ revokedAt: context.now })
      .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
      .returning({ id: apiKeys.id })
    if (revoked.length === 1)
      await recordAuditEvent(tx, context, { action: 'api-key.revoke', objectType: 'api-key', objectId: id })
  })
}
