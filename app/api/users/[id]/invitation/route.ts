import { renewInvitationEndpoint } from '#lib/api/endpoints/users.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { renewInvitation } from '#lib/auth/invite-user.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(renewInvitationEndpoint, async ({ context, params, service: { settings } }) =>
    reply(200, await renewInvitation(context, params.id, settings.baseUrl)),
  ),
)
