import { getDataset, listDatasets } from '#lib/data/dataset/queries.ts'
import { registerDataset } from '#lib/data/dataset/register.ts'
import { sourcesOf } from '#lib/data/dataset-source/service-sources.ts'
import { listDatasetsEndpoint, registerDatasetEndpoint } from '#lib/delivery/endpoints/datasets.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

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
