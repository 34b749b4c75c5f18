import { createSnapshot } from '#lib/data/snapshot/create-snapshot.ts'
import { getSnapshot, listSnapshots, snapshotPosition } from '#lib/data/snapshot/snapshot-queries.ts'
import { createSnapshotEndpoint, listSnapshotsEndpoint } from '#lib/delivery/endpoints/datasets.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(createSnapshotEndpoint, async ({ context, params, body }) => {
    const { id } = await createSnapshot(context, { dataset: params.name, ...body })
    return reply(202, await getSnapshot(context, { dataset: params.name, id }))
  }),
  route(listSnapshotsEndpoint, async ({ context, params, page }) =>
    reply(200, page.of(await listSnapshots(context, { dataset: params.name, ...page }), snapshotPosition)),
  ),
)
