import { getSnapshotEndpoint } from '#lib/api/endpoints/datasets.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { getSnapshot } from '#lib/dataset/snapshot-queries.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getSnapshotEndpoint, async ({ context, params }) =>
    reply(200, await getSnapshot(context, { dataset: params.name, id: params.id })),
  ),
)
