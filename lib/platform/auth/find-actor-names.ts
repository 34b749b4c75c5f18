import { inArray, sql } from 'drizzle-orm'
import { apiKeys, users } from '#db/schema/auth.ts'
import type { Context } from '#lib/platform/context.ts'
import { apiKeyLabel } from './api-key-label.ts'

/** How people and API keys are called, by the ids that records keep of them; a task of the service has no entry. */
export async function findActorNames(
  { db }: Pick<Context, 'db'>,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const people = await db
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(inArray(users.id, wanted))
  const keys = await db
    .select({ id: sql<string>`${apiKeys.id}::text`, name: apiKeys.name, hint: apiKeys.hint })
    .from(apiKeys)
    .where(inArray(sql`${apiKeys.id}::text`, wanted))
  const makers = keys.map((key) => ({ id: key.id, name: apiKeyLabel(key) }))
  return new Map([...people, ...makers].map(({ id, name }) => [id, name]))
}
