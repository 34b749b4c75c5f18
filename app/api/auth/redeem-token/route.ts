import { redeemLinkEndpoint } from '#lib/delivery/endpoints/auth.ts'
import { route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { deviceOf } from '#lib/platform/auth/open-session.ts'
import { redeemLink } from '#lib/platform/auth/redeem-link.ts'
import { requireSameOrigin } from '#lib/platform/auth/same-origin.ts'
import { knownRoles } from '#lib/platform/permissions.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(redeemLinkEndpoint, async ({ context, body, request, service: { settings } }) => {
    // Another site's page must not sign a user in as another user; programs send no Origin and may.
    if (request.headers.has('origin')) requireSameOrigin(request.headers, settings)
    const device = deviceOf(request.headers, settings)
    const { signal } = request
    const { user, cookies } = await redeemLink(context, body, { device, settings, signal })
    const { id, email, name } = user
    const shown = { id, email, name, roles: knownRoles(user.roles) }
    return Response.json(
      { user: shown },
      { headers: cookies.map((cookie): [string, string] => ['Set-Cookie', cookie]) },
    )
  }),
)
