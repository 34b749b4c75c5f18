import { checkLeakageEndpoint } from '#lib/api/endpoints/evaluation-checks.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { checkLeakage } from '#lib/leakage/check-leakage.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(checkLeakageEndpoint, async ({ context, params }) => reply(200, await checkLeakage(context, params))),
)
