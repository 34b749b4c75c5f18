import {
  deleteEvaluationRunEndpoint,
  getEvaluationRunEndpoint,
} from '#lib/delivery/endpoints/evaluation-runs.ts'
import { getRunLatency } from '#lib/model/evaluation-result/latency.ts'
import { deleteEvaluationRun } from '#lib/model/evaluation-run/delete.ts'
import { getEvaluationRun } from '#lib/model/evaluation-run/queries.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

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
