import { sourcesOf } from '#lib/data/dataset-source/service-sources.ts'
import {
  createEvaluationRunEndpoint,
  listEvaluationRunsEndpoint,
} from '#lib/delivery/endpoints/evaluation-runs.ts'
import { createEvaluationRun } from '#lib/model/evaluation-run/create.ts'
import { listEvaluationRuns } from '#lib/model/evaluation-run/queries.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(createEvaluationRunEndpoint, async ({ context, service, body }) => {
    const { id, status } = await createEvaluationRun(context, sourcesOf(service), body)
    return reply(201, { id, status })
  }),
  route(listEvaluationRunsEndpoint, async ({ context, query, page }) => {
    const { cursor: _cursor, limit: _limit, ...list } = query
    const [createdAt, accuracy, id] = page.after ?? []
    const value = typeof accuracy === 'number' ? accuracy : null
    const after =
      page.after === null
        ? null
        : { id: String(id), createdAt: new Date(String(createdAt)), accuracy: { value } }
    const runs = await listEvaluationRuns(context, { ...list, after, take: page.take })
    return reply(
      200,
      page.of(runs, (run) => [run.createdAt.toISOString(), run.accuracy?.value ?? null, run.id]),
    )
  }),
)
