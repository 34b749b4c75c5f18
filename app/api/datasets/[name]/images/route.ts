import { listImagesEndpoint, uploadImagesEndpoint } from '#lib/api/endpoints/datasets.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { listDatasetImages } from '#lib/dataset/list-images.ts'
import { sourcesOf } from '#lib/dataset/service-sources.ts'
import { uploadImages } from '#lib/dataset/upload.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(listImagesEndpoint, async ({ context, params, query, page }) => {
    const { limit: _limit, cursor: _cursor, ...filter } = query
    const { snapshotId, total, rows } = await listDatasetImages(context, {
      dataset: params.name,
      ...filter,
      ...page,
    })
    const { items, nextCursor } = page.of(rows, (row) => row.position)
    const shown = items.map(({ position: _position, ...image }) => image)
    return reply(200, { items: shown, nextCursor, total, snapshotId })
  }),
  route(uploadImagesEndpoint, async ({ context, service, params, body, files }) =>
    reply(
      200,
      await uploadImages(context, sourcesOf(service), { dataset: params.name, ...body, files: files.files }),
    ),
  ),
)
