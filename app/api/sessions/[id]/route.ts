import { endSessionEndpoint } from '#lib/delivery/endpoints/sessions.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { endSession } from '#lib/platform/auth/end-sessions.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(endSessionEndpoint, async ({ context, params }) => {
    await endSession(context, params.id)
    return reply(204)
  }),
)
