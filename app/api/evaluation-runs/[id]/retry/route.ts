import { retryEvaluationRunEndpoint } from '#lib/api/endpoints/evaluation-runs.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { retryEvaluationRun } from '#lib/evaluation-run/retry.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(retryEvaluationRunEndpoint, async ({ context, params }) => {
    const { id, status } = await retryEvaluationRun(context, params)
    return reply(200, { id, status })
  }),
)
