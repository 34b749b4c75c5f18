import { getEvaluationMetricsEndpoint } from '#lib/delivery/endpoints/evaluation-runs.ts'
import { getEvaluationMetrics } from '#lib/model/evaluation-result/get-metrics.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getEvaluationMetricsEndpoint, async ({ context, params }) =>
    reply(200, await getEvaluationMetrics(context, params)),
  ),
)
