import { uploadImages } from '#lib/data/dataset/upload.ts'
import { sourcesOf } from '#lib/data/dataset-source/service-sources.ts'
import { listDatasetImages } from '#lib/data/image/list-images.ts'
import { listImagesEndpoint, uploadImagesEndpoint } from '#lib/delivery/endpoints/datasets.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

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
  route(uploadImagesEndpoint, async ({ context, service, params, body, files, request }) =>
    reply(
      200,
      await uploadImages(context, sourcesOf(service), {
        dataset: params.name,
        ...body,
        files: files.files,
        signal: request.signal,
      }),
    ),
  ),
)
