import { metricsEndpoint } from '#lib/delivery/endpoints/health.ts'
import { scrapeMetrics } from '#lib/delivery/metrics/scrape.ts'
import { route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const dynamic = 'force-dynamic'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(metricsEndpoint, async ({ service }) => {
    const { contentType, text } = await scrapeMetrics(service.db)
    return new Response(text, { headers: { 'Content-Type': contentType } })
  }),
)
