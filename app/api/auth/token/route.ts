import { getLinkEndpoint } from '#lib/delivery/endpoints/auth.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { getLink } from '#lib/platform/auth/one-time-link.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getLinkEndpoint, async ({ context: { db, now }, query }) => {
    const { email, name, expiresAt } = await getLink(db, { ...query, now })
    return reply(200, {
      purpose: query.purpose,
      email: email ?? undefined,
      name: name ?? undefined,
      expiresAt,
    })
  }),
)
