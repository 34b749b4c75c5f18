import { listDatasetsEndpoint, registerDatasetEndpoint } from '#lib/api/endpoints/datasets.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { getDataset, listDatasets } from '#lib/dataset/queries.ts'
import { registerDataset } from '#lib/dataset/register.ts'
import { sourcesOf } from '#lib/dataset/service-sources.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(registerDatasetEndpoint, async ({ context, service, body }) => {
    const { name } = await registerDataset(context, sourcesOf(service), body)
    return reply(201, await getDataset(context, { name }))
  }),
  route(listDatasetsEndpoint, async ({ context, page }) =>
    reply(
      200,
      page.of(await listDatasets(context, page), (row) => [row.name]),
    ),
  ),
)
