import { metricsEndpoint } from '#lib/api/endpoints/health.ts'
import { route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { scrapeMetrics } from '#lib/metrics/scrape.ts'

export const dynamic = 'force-dynamic'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(metricsEndpoint, async ({ service }) => {
    const { contentType, text } = await scrapeMetrics(service.db)
    return new Response(text, { headers: { 'Content-Type': contentType } })
  }),
)
