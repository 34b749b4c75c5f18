import { metricsEndpoint } from '#lib/api/endpoints/health.ts'
import { route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { getRegistry } from '#lib/metrics/registry.ts'

export const dynamic = 'force-dynamic'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(metricsEndpoint, async () => {
    const registry = getRegistry()
    return new Response(await registry.metrics(), { headers: { 'Content-Type': registry.contentType } })
  }),
)
