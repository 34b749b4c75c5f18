import { cancelEvaluationRunEndpoint } from '#lib/delivery/endpoints/evaluation-runs.ts'
import { cancelEvaluationRun } from '#lib/model/evaluation-run/cancel.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(cancelEvaluationRunEndpoint, async ({ context, params }) => {
    const { id, status } = await cancelEvaluationRun(context, params)
    return reply(200, { id, status })
  }),
)
