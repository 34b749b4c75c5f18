import { createHash } from 'node:crypto'
import { and, eq, gt, isNull, or } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { apiKeys, users } from '#db/schema/auth.ts'
import type { Actor } from '#lib/platform/context.ts'
import { knownRoles } from '#lib/platform/permissions.ts'

/** A key has 256 random bits: one SHA-256 is as good as a slow hash, and a look-up by it leaks no prefix. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/** Whom a key acts for; null when it is unknown, revoked or expired, or its owner is disabled. */
export async function findApiKeyActor(db: Database, key: string, now: Date): Promise<Actor | null> {
  const [row] = await db
    .select({
      id: apiKeys.id,
      name: apiKeys.name,
      roles: apiKeys.roles,
      ownerId: apiKeys.ownerId,
      ownerRoles: users.roles,
    })
    .from(apiKeys)
    .leftJoin(users, eq(users.id, apiKeys.ownerId))
    .where(
      and(
        eq(apiKeys.keySha256, hashApiKey(key)),
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
        isNull(users.disabledAt),
      ),
    )
  if (row === undefined) return null
  const roles = knownRoles(row.roles)
  if (row.ownerId === null) return { type: 'api-key', id: row.id, name: row.name, roles }
  // A role that the owner has lost meanwhile is lost to the key, too.
  const held = roles.filter((role) => row.ownerRoles?.includes(role))
  return { type: 'api-key', id: row.id, name: row.name, roles: held, userId: row.ownerId }
}
