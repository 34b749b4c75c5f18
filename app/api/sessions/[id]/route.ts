import { endSessionEndpoint } from '#lib/api/endpoints/sessions.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { endSession } from '#lib/auth/end-sessions.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(endSessionEndpoint, async ({ context, params }) => {
    await endSession(context, params.id)
    return reply(204)
  }),
)
