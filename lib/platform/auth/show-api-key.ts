import { knownRoles } from '#lib/platform/permissions.ts'
import type { ApiKey } from './create-api-key.ts'
import type { OwnedApiKey } from './list-api-keys.ts'
import type { ApiKeyView, OwnedApiKeyView } from './schema.ts'

/** A key as it is answered: without its hash. */
export function showApiKey(key: ApiKey): ApiKeyView {
  const { id, name, hint, ownerId, parentId } = key
  return {
    id,
    name,
    hint,
    ownerId,
    parentId,
    roles: knownRoles(key.roles),
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
  }
}

/** As it stands in a list: with whom it acts for. */
export function showOwnedApiKey(key: OwnedApiKey): OwnedApiKeyView {
  return { ...showApiKey(key), ownerEmail: key.ownerEmail }
}
