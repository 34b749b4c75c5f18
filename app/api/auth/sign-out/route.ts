import { signOutEndpoint } from '#lib/api/endpoints/auth.ts'
import { route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { requestSessionToken } from '#lib/auth/session-cookie.ts'
import { signOut } from '#lib/auth/sign-out.ts'

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
