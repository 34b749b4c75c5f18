import { listVersionEvaluationsEndpoint } from '#lib/delivery/endpoints/model-versions.ts'
import { listVersionEvaluations } from '#lib/model/registry/evaluations.ts'
import { getModelVersion } from '#lib/model/registry/queries.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(listVersionEvaluationsEndpoint, async ({ context, params, query, page }) => {
    const { id } = await getModelVersion(context, params) // a wrong id is no empty list
    const { after, take } = page
    const rows = await listVersionEvaluations(context, {
      modelVersionId: id,
      dataset: query.dataset,
      after: after === null ? null : { finishedAt: new Date(String(after[0])), id: String(after[1]) },
      take,
    })
    return reply(
      200,
      page.of(rows, (row) => [row.finishedAt.toISOString(), row.evaluationRunId]),
    )
  }),
)
