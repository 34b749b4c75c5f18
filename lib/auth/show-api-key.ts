import type { ApiKey } from './create-api-key.ts'
import { knownRoles } from './permissions.ts'

/** A key as it is answered: without its hash. */
export function showApiKey(key: ApiKey) {
  const { id, name, hint, ownerId } = key
  return {
    id,
    name,
    hint,
    ownerId,
    roles: knownRoles(key.roles),
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
  }
}
