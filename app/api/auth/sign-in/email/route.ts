import { signInEndpoint } from '#lib/delivery/endpoints/auth.ts'
import { route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { deviceOf } from '#lib/platform/auth/open-session.ts'
import { requireSameOrigin } from '#lib/platform/auth/same-origin.ts'
import { signIn } from '#lib/platform/auth/sign-in.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(signInEndpoint, async ({ context, service, body, request }) => {
    // Another site's page must not sign a user in as another user; programs send no Origin and may.
    if (request.headers.has('origin')) requireSameOrigin(request.headers, service.settings)
    const { user, cookies } = await signIn(service, context, {
      ...body,
      device: deviceOf(request.headers, service.settings),
      signal: request.signal,
    })
    return Response.json(
      { user },
      { headers: cookies.map((cookie): [string, string] => ['Set-Cookie', cookie]) },
    )
  }),
)
