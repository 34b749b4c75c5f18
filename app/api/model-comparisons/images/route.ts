import { listComparedImagesEndpoint } from '#lib/delivery/endpoints/model-comparisons.ts'
import { exportComparedImages } from '#lib/model/comparison/export-compared-images.ts'
import { listComparedImages } from '#lib/model/comparison/list-compared-images.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { textStream } from '#lib/platform/http/text-stream.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(listComparedImagesEndpoint, async ({ context, query, page, request }) => {
    const { cursor, limit: _limit, ...list } = query
    if (request.headers.get('accept')?.includes('text/csv')) {
      if (cursor !== undefined)
        throw new ServiceError('BAD_REQUEST', 'CSV contains the whole list: omit the cursor.')
      return new Response(textStream(await exportComparedImages(context, list)), {
        headers: {
          'Content-Type': 'text/csv; charset=utf-8',
          'Content-Disposition': 'attachment; filename="compared-images.csv"',
        },
      })
    }
    const [imageId, before] = page.after ?? []
    const after = page.after === null ? null : { imageId: Number(imageId), list: String(before) }
    const { rows, total, list: now } = await listComparedImages(context, { ...list, after, take: page.take })
    return reply(200, { ...page.of(rows, (row) => [row.imageId, now]), total })
  }),
)
