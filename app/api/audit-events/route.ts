import { listAuditEventsEndpoint } from '#lib/delivery/endpoints/audit-events.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { listAuditEvents } from '#lib/platform/audit/list-events.ts'
import { showAuditEvent } from '#lib/platform/audit/show-event.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(listAuditEventsEndpoint, async ({ context, query, page }) => {
    const { items, nextCursor } = page.of(await listAuditEvents(context, { ...query, ...page }), (event) => [
      event.seq,
    ])
    return reply(200, { items: items.map(showAuditEvent), nextCursor })
  }),
)
