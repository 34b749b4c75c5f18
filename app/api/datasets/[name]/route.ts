import { archiveDataset } from '#lib/data/dataset/archive.ts'
import { getDataset } from '#lib/data/dataset/queries.ts'
import { archiveDatasetEndpoint, getDatasetEndpoint } from '#lib/delivery/endpoints/datasets.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getDatasetEndpoint, async ({ context, params }) => reply(200, await getDataset(context, params))),
  route(archiveDatasetEndpoint, async ({ context, params }) => {
    await archiveDataset(context, params)
    return reply(204, undefined)
  }),
)
