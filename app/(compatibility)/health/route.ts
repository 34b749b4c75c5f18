import { livenessEndpoint } from '#lib/delivery/endpoints/compatibility.ts'
import { demandOf } from '#lib/platform/api/access.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const dynamic = 'force-dynamic'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  // A load balancer has no key: where the routes need one, this one needs none.
  route(livenessEndpoint, async ({ service }) => {
    demandOf('compatibility', service.settings)
    return reply(200, { status: 'ok' })
  }),
)
