import { revokeApiKeyEndpoint } from '#lib/delivery/endpoints/api-keys.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { revokeApiKey } from '#lib/platform/auth/revoke-api-key.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(revokeApiKeyEndpoint, async ({ context, params }) => {
    await revokeApiKey(context, params.id)
    return reply(204)
  }),
)
