import { archiveDatasetEndpoint, getDatasetEndpoint } from '#lib/api/endpoints/datasets.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { archiveDataset } from '#lib/dataset/archive.ts'
import { getDataset } from '#lib/dataset/queries.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getDatasetEndpoint, async ({ context, params }) => reply(200, await getDataset(context, params))),
  route(archiveDatasetEndpoint, async ({ context, params }) => {
    await archiveDataset(context, params)
    return reply(204, undefined)
  }),
)
