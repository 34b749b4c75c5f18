import { followDashboardEndpoint } from '#lib/delivery/endpoints/events.ts'
import { dashboardEventStream } from '#lib/delivery/live/dashboard-events.ts'
import { route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const dynamic = 'force-dynamic'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(
    followDashboardEndpoint,
    async ({ service, request }) =>
      new Response(dashboardEventStream(service, request.headers.get('last-event-id')), {
        headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' },
      }),
  ),
)
