import { followDashboardEndpoint } from '#lib/delivery/endpoints/events.ts'
import { dashboardEventStream } from '#lib/delivery/live/dashboard-events.ts'
import { type Route, route } from '#lib/platform/api/route.ts'

export const EVENT_ROUTES: readonly Route[] = [
  route(
    followDashboardEndpoint,
    async ({ service, request }) =>
      new Response(dashboardEventStream(service, request.headers.get('last-event-id')), {
        headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' },
      }),
  ),
]
