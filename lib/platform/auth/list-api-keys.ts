import { and, desc, eq, getTableColumns, or, type SQL, sql } from 'drizzle-orm'
import { apiKeys, users } from '#db/schema/auth.ts'
import type { Actor, Context } from '#lib/platform/context.ts'
import type { Position } from '#lib/platform/cursor.ts'
import { mayDo } from '#lib/platform/permissions.ts'
import type { ApiKey } from './create-api-key.ts'

/** People see the keys that act for them, administrators all; a key sees itself and those that it made. */
export function visibleApiKeys(actor: Actor): SQL | undefined {
  if (mayDo(actor.roles, 'api-key:manage')) return undefined
  if (actor.type === 'api-key') return or(eq(apiKeys.id, actor.id), eq(apiKeys.parentId, actor.id))
  return eq(apiKeys.ownerId, actor.id)
}

export type OwnedApiKey = ApiKey & { ownerEmail: string | null }

/** Newest first; `after` is [createdAt, id] of the last key seen. */
export async function listApiKeys(
  context: Context,
  page: { after: Position | null; take: number },
): Promise<OwnedApiKey[]> {
  const behind =
    page.after === null
      ? undefined
      : sql`(${apiKeys.createdAt}, ${apiKeys.id}) < (${page.after[0]}::timestamptz, ${page.after[1]}::uuid)`
  return context.db
    .select({ ...getTableColumns(apiKeys), ownerEmail: users.email })
    .from(apiKeys)
    .leftJoin(users, eq(users.id, apiKeys.ownerId))
    .where(and(visibleApiKeys(context.actor), behind))
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    .limit(page.take)
}
