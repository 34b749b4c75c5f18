import { revokeApiKeyEndpoint } from '#lib/api/endpoints/api-keys.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { revokeApiKey } from '#lib/auth/revoke-api-key.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(revokeApiKeyEndpoint, async ({ context, params }) => {
    await revokeApiKey(context, params.id)
    return reply(204)
  }),
)
