import { cancelEvaluationRunEndpoint } from '#lib/api/endpoints/evaluation-runs.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { cancelEvaluationRun } from '#lib/evaluation-run/cancel.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(cancelEvaluationRunEndpoint, async ({ context, params }) => {
    const { id, status } = await cancelEvaluationRun(context, params)
    return reply(200, { id, status })
  }),
)
