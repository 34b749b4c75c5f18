import { listSkippedFilesEndpoint } from '#lib/api/endpoints/datasets.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { listSkippedFilesOf } from '#lib/dataset/skipped-files.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(listSkippedFilesEndpoint, async ({ context, params, query, page }) => {
    const input = { dataset: params.name, snapshotId: params.id, code: query.code, ...page }
    const { rows, byCode } = await listSkippedFilesOf(context, input)
    return reply(200, { ...page.of(rows, (row) => [row.file]), byCode })
  }),
)
