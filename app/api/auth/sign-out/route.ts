import { signOutEndpoint } from '#lib/delivery/endpoints/auth.ts'
import { route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { requestSessionToken } from '#lib/platform/auth/session-cookie.ts'
import { signOut } from '#lib/platform/auth/sign-out.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(signOutEndpoint, async ({ context, service: { settings }, request }) => {
    const { baseUrl } = settings
    const token = requestSessionToken(request.headers, settings)
    return new Response(null, {
      status: 204,
      headers: { 'Set-Cookie': await signOut(context, token, baseUrl) },
    })
  }),
)
