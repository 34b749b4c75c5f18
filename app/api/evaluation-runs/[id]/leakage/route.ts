import { checkLeakageEndpoint } from '#lib/delivery/endpoints/evaluation-checks.ts'
import { checkLeakage } from '#lib/model/leakage/check-leakage.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(checkLeakageEndpoint, async ({ context, params }) => reply(200, await checkLeakage(context, params))),
)
