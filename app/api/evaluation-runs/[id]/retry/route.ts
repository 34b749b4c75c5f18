import { retryEvaluationRunEndpoint } from '#lib/delivery/endpoints/evaluation-runs.ts'
import { retryEvaluationRun } from '#lib/model/evaluation-run/retry.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(retryEvaluationRunEndpoint, async ({ context, params }) => {
    const { id, status } = await retryEvaluationRun(context, params)
    return reply(200, { id, status })
  }),
)
