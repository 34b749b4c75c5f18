import { listSnapshotChanges } from '#lib/data/snapshot/snapshot-changes.ts'
import { listSnapshotChangesEndpoint } from '#lib/delivery/endpoints/datasets.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(listSnapshotChangesEndpoint, async ({ context, params, query, page }) => {
    const { since, kind } = query
    const input = { dataset: params.name, id: params.id, since, kind, ...page }
    const { rows, ...changes } = await listSnapshotChanges(context, input)
    return reply(200, { ...page.of(rows, (row) => [row.key ?? row.previousKey]), ...changes })
  }),
)
