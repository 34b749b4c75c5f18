import { getDataset, listDatasets } from '#lib/data/dataset/queries.ts'
import { insertDataset, prepareDataset } from '#lib/data/dataset/register.ts'
import { sourcesOf } from '#lib/data/dataset-source/service-sources.ts'
import { listDatasetsEndpoint, registerDatasetEndpoint } from '#lib/delivery/endpoints/datasets.ts'
import { preparedRoute, reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  preparedRoute(
    registerDatasetEndpoint,
    ({ service, body }) => prepareDataset(sourcesOf(service), body),
    async ({ context, prepared }) => {
      const { name } = await insertDataset(context, prepared)
      return reply(201, await getDataset(context, { name }))
    },
  ),
  route(listDatasetsEndpoint, async ({ context, page }) =>
    reply(
      200,
      page.of(await listDatasets(context, page), (row) => [row.name]),
    ),
  ),
)
