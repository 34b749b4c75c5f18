import {
  createApiKeyEndpoint,
  listApiKeysEndpoint,
  revokeApiKeyEndpoint,
} from '#lib/delivery/endpoints/api-keys.ts'
import { type Route, reply, route } from '#lib/platform/api/route.ts'
import { createApiKey } from '#lib/platform/auth/create-api-key.ts'
import { listApiKeys } from '#lib/platform/auth/list-api-keys.ts'
import { revokeApiKey } from '#lib/platform/auth/revoke-api-key.ts'
import { showApiKey, showOwnedApiKey } from '#lib/platform/auth/show-api-key.ts'

export const API_KEY_ROUTES: readonly Route[] = [
  route(revokeApiKeyEndpoint, async ({ context, params }) => {
    await revokeApiKey(context, params.id)
    return reply(204)
  }),
  route(listApiKeysEndpoint, async ({ context, page }) => {
    const { items, nextCursor } = page.of(await listApiKeys(context, page), (key) => [
      key.createdAt.toISOString(),
      key.id,
    ])
    return reply(200, { items: items.map(showOwnedApiKey), nextCursor })
  }),
  route(createApiKeyEndpoint, async ({ context, body }) => {
    const expiresAt = body.expiresAt === undefined ? undefined : new Date(body.expiresAt)
    const { apiKey, key } = await createApiKey(context, { ...body, expiresAt })
    return reply(201, { ...showApiKey(apiKey), key })
  }),
]
