import { changePasswordEndpoint } from '#lib/delivery/endpoints/auth.ts'
import { route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { changePassword } from '#lib/platform/auth/change-password.ts'
import { knownDeviceSetCookie } from '#lib/platform/auth/known-device.ts'
import { deviceOf } from '#lib/platform/auth/open-session.ts'
import { requestSessionToken } from '#lib/platform/auth/session-cookie.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(changePasswordEndpoint, async ({ context, body, request, service: { settings } }) => {
    const token = requestSessionToken(request.headers, settings)
    const { address, entries } = deviceOf(request.headers, settings)
    const caller = { address, signal: request.signal }
    const known = await changePassword(context, body, { token, caller })
    const headers = { 'Set-Cookie': knownDeviceSetCookie(entries, known, settings) }
    return new Response(null, { status: 204, headers })
  }),
)
