import { verifyAuditEventsEndpoint } from '#lib/delivery/endpoints/audit-events.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { verifyAuditChain } from '#lib/platform/audit/verify-chain.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(verifyAuditEventsEndpoint, async ({ context }) => reply(200, await verifyAuditChain(context.db))),
)
