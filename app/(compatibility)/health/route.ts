import { demandOf } from '#lib/api/access.ts'
import { livenessEndpoint } from '#lib/api/endpoints/compatibility.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'

export const dynamic = 'force-dynamic'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  // A load balancer has no key: where the routes need one, this one needs none.
  route(livenessEndpoint, async ({ service }) => {
    demandOf('compatibility', service.settings)
    return reply(200, { status: 'ok' })
  }),
)
