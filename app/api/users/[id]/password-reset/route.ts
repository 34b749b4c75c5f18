import { resetPasswordEndpoint } from '#lib/api/endpoints/users.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { issuePasswordReset } from '#lib/auth/issue-password-reset.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(resetPasswordEndpoint, async ({ context, params, service: { settings } }) =>
    reply(200, await issuePasswordReset(context, params.id, settings.baseUrl)),
  ),
)
