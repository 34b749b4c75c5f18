import {
  createEvaluationRunEndpoint,
  listEvaluationRunsEndpoint,
} from '#lib/api/endpoints/evaluation-runs.ts'
import { positionedAt, positionOf } from '#lib/api/newest-first.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { sourcesOf } from '#lib/dataset/service-sources.ts'
import { createEvaluationRun } from '#lib/evaluation-run/create.ts'
import { listEvaluationRuns } from '#lib/evaluation-run/queries.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(createEvaluationRunEndpoint, async ({ context, service, body }) => {
    const { id, status } = await createEvaluationRun(context, sourcesOf(service), body)
    return reply(201, { id, status })
  }),
  route(listEvaluationRunsEndpoint, async ({ context, query, page }) => {
    const { status, dataset, modelVersionId } = query
    const after = positionedAt(page.after)
    const runs = await listEvaluationRuns(context, {
      status,
      dataset,
      modelVersionId,
      after,
      take: page.take,
    })
    return reply(200, page.of(runs, positionOf))
  }),
)
