import { createApiKeyEndpoint, listApiKeysEndpoint } from '#lib/delivery/endpoints/api-keys.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { createApiKey } from '#lib/platform/auth/create-api-key.ts'
import { listApiKeys } from '#lib/platform/auth/list-api-keys.ts'
import { showApiKey, showOwnedApiKey } from '#lib/platform/auth/show-api-key.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
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
)
