import { changePasswordEndpoint } from '#lib/delivery/endpoints/auth.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { changePassword } from '#lib/platform/auth/change-password.ts'
import { deviceOf } from '#lib/platform/auth/open-session.ts'
import { requestSessionToken } from '#lib/platform/auth/session-cookie.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(changePasswordEndpoint, async ({ context, body, request, service: { settings } }) => {
    const token = requestSessionToken(request.headers, settings)
    await changePassword(context, body, { token, address: deviceOf(request.headers).address })
    return reply(204)
  }),
)
