import { listImagesEndpoint, uploadImagesEndpoint } from '#lib/api/endpoints/datasets.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { listImages } from '#lib/dataset/image-queries.ts'
import { sourcesOf } from '#lib/dataset/service-sources.ts'
import { uploadImages } from '#lib/dataset/upload.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(listImagesEndpoint, async ({ context, params, query, page }) => {
    const { items, nextCursor } = page.of(
      await listImages(context, { dataset: params.name, findingClass: query.findingClass, ...page }),
      (row) => [row.snapshotId, row.id],
    )
    return reply(200, { items: items.map(({ snapshotId: _snapshotId, ...image }) => image), nextCursor })
  }),
  route(uploadImagesEndpoint, async ({ context, service, params, body, files }) =>
    reply(
      200,
      await uploadImages(context, sourcesOf(service), { dataset: params.name, ...body, files: files.files }),
    ),
  ),
)
