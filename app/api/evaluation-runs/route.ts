import {
  createEvaluationRunEndpoint,
  listEvaluationRunsEndpoint,
} from '#lib/api/endpoints/evaluation-runs.ts'
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
