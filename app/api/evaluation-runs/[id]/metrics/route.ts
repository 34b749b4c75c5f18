import { getEvaluationMetricsEndpoint } from '#lib/api/endpoints/evaluation-runs.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { getEvaluationMetrics } from '#lib/evaluation-run/get-metrics.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getEvaluationMetricsEndpoint, async ({ context, params }) =>
    reply(200, await getEvaluationMetrics(context, params)),
  ),
)
