import { sourcesOf } from '#lib/data/dataset-source/service-sources.ts'
import {
  createEvaluationRunEndpoint,
  listEvaluationRunsEndpoint,
} from '#lib/delivery/endpoints/evaluation-runs.ts'
import { prepareEvaluationRun, queueEvaluationRun } from '#lib/model/evaluation-run/create.ts'
import { listEvaluationRuns } from '#lib/model/evaluation-run/queries.ts'
import { preparedRoute, reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  preparedRoute(
    createEvaluationRunEndpoint,
    ({ context, service, body }) => prepareEvaluationRun(context, sourcesOf(service), body),
    async ({ context, prepared }) => {
      const { id, status } = await queueEvaluationRun(context, prepared)
      return reply(201, { id, status })
    },
  ),
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
