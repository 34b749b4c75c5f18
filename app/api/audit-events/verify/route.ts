import { verifyAuditEventsEndpoint } from '#lib/api/endpoints/audit-events.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { verifyAuditChain } from '#lib/audit/verify-chain.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(verifyAuditEventsEndpoint, async ({ context }) => reply(200, await verifyAuditChain(context.db))),
)
