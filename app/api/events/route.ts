import { followDashboardEndpoint } from '#lib/api/endpoints/events.ts'
import { route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { dashboardEventStream } from '#lib/notification/dashboard-events.ts'

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
