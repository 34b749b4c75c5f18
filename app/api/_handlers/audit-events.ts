import { listAuditEventsEndpoint, verifyAuditEventsEndpoint } from '#lib/delivery/endpoints/audit-events.ts'
import { type Route, reply, route } from '#lib/platform/api/route.ts'
import { listAuditEvents } from '#lib/platform/audit/list-events.ts'
import { showAuditEvent } from '#lib/platform/audit/show-event.ts'
import { verifyAuditLog } from '#lib/platform/installation/verify-audit-log.ts'

export const AUDIT_EVENT_ROUTES: readonly Route[] = [
  route(listAuditEventsEndpoint, async ({ context, query, page }) => {
    const { items, nextCursor } = page.of(await listAuditEvents(context, { ...query, ...page }), (event) => [
      event.seq,
    ])
    return reply(200, { items: items.map(showAuditEvent), nextCursor })
  }),
  route(verifyAuditEventsEndpoint, async ({ context, service, request }) =>
    reply(200, await verifyAuditLog(context.db, service.settings.dataDir, request.signal)),
  ),
]
