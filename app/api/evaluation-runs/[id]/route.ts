import { deleteEvaluationRunEndpoint, getEvaluationRunEndpoint } from '#lib/api/endpoints/evaluation-runs.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { deleteEvaluationRun } from '#lib/evaluation-run/delete.ts'
import { getRunLatency } from '#lib/evaluation-run/latency.ts'
import { getEvaluationRun } from '#lib/evaluation-run/queries.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getEvaluationRunEndpoint, async ({ context, params }) => {
    const run = await getEvaluationRun(context, params)
    const latency = await getRunLatency(context, params)
    return reply(200, { ...run, timings: { ...run.timings, ...latency } })
  }),
  route(deleteEvaluationRunEndpoint, async ({ context, params }) => {
    await deleteEvaluationRun(context, params)
    return reply(204)
  }),
)
