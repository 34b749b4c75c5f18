import { createApiKeyEndpoint, listApiKeysEndpoint } from '#lib/api/endpoints/api-keys.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { createApiKey } from '#lib/auth/create-api-key.ts'
import { listApiKeys } from '#lib/auth/list-api-keys.ts'
import { showApiKey, showOwnedApiKey } from '#lib/auth/show-api-key.ts'

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
