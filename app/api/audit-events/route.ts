import { listAuditEventsEndpoint } from '#lib/api/endpoints/audit-events.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { listAuditEvents } from '#lib/audit/list-events.ts'
import { showAuditEvent } from '#lib/audit/show-event.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(listAuditEventsEndpoint, async ({ context, query, page }) => {
    const { items, nextCursor } = page.of(await listAuditEvents(context, { ...query, ...page }), (event) => [
      event.seq,
    ])
    return reply(200, { items: items.map(showAuditEvent), nextCursor })
  }),
)
