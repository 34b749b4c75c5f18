import { livenessEndpoint } from '#lib/api/endpoints/compatibility.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'

export const dynamic = 'force-dynamic'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(livenessEndpoint, async () => reply(200, { status: 'ok' })),
)
