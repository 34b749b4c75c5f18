import { resetPasswordEndpoint } from '#lib/delivery/endpoints/users.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { issuePasswordReset } from '#lib/platform/auth/issue-password-reset.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(resetPasswordEndpoint, async ({ context, params, service: { settings } }) =>
    reply(200, await issuePasswordReset(context, params.id, settings.baseUrl)),
  ),
)
