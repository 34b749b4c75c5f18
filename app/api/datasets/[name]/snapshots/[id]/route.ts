import { getSnapshot } from '#lib/data/snapshot/snapshot-queries.ts'
import { getSnapshotEndpoint } from '#lib/delivery/endpoints/datasets.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getSnapshotEndpoint, async ({ context, params }) =>
    reply(200, await getSnapshot(context, { dataset: params.name, id: params.id })),
  ),
)
