import { listSkippedFilesOf } from '#lib/data/snapshot/skipped-files.ts'
import { listSkippedFilesEndpoint } from '#lib/delivery/endpoints/datasets.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(listSkippedFilesEndpoint, async ({ context, params, query, page }) => {
    const input = { dataset: params.name, snapshotId: params.id, code: query.code, ...page }
    const { rows, byCode } = await listSkippedFilesOf(context, input)
    return reply(200, { ...page.of(rows, (row) => [row.file]), byCode })
  }),
)
