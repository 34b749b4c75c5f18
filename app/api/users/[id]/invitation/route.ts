import { renewInvitationEndpoint } from '#lib/delivery/endpoints/users.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { renewInvitation } from '#lib/platform/auth/invite-user.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(renewInvitationEndpoint, async ({ context, params, service: { settings } }) =>
    reply(200, await renewInvitation(context, params.id, settings.baseUrl)),
  ),
)
