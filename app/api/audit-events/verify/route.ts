import { verifyAuditEventsEndpoint } from '#lib/delivery/endpoints/audit-events.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { verifyAuditLog } from '#lib/platform/installation/verify-audit-log.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(verifyAuditEventsEndpoint, async ({ context, service, request }) =>
    reply(200, await verifyAuditLog(context.db, service.settings.dataDir, request.signal)),
  ),
)
