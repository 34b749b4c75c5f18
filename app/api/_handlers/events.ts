import { followDashboardEndpoint } from '#lib/delivery/endpoints/events.ts'
import { feedsOf } from '#lib/delivery/live/service-feeds.ts'
import { dashboardStream } from '#lib/delivery/live/streams.ts'
import { type Route, route } from '#lib/platform/api/route.ts'

export const EVENT_ROUTES: readonly Route[] = [
  route(
    followDashboardEndpoint,
    async ({ service, request }) =>
      new Response(dashboardStream(feedsOf(service), request.headers.get('last-event-id')), {
        headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' },
      }),
  ),
]
