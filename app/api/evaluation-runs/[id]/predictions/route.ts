import { listPredictionsEndpoint } from '#lib/delivery/endpoints/evaluation-runs.ts'
import { exportPredictions } from '#lib/model/evaluation-result/export-predictions.ts'
import { countPredictions, listPredictions } from '#lib/model/evaluation-result/list-predictions.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { textStream } from '#lib/platform/http/text-stream.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(listPredictionsEndpoint, async ({ context, params, query, page, request }) => {
    const { cursor, limit: _limit, ...list } = { ...query, ...params }
    if (request.headers.get('accept')?.includes('text/csv')) {
      if (cursor !== undefined)
        throw new ServiceError('BAD_REQUEST', 'CSV contains the whole list: omit the cursor.')
      return new Response(textStream(await exportPredictions(context, list)), {
        headers: {
          'Content-Type': 'text/csv; charset=utf-8',
          'Content-Disposition': `attachment; filename="predictions-${params.id}.csv"`,
        },
      })
    }
    const [confidence, imageId] = page.after ?? []
    const after =
      page.after === null
        ? null
        : { imageId: Number(imageId), confidence: typeof confidence === 'number' ? confidence : null }
    const rows = await listPredictions(context, { ...list, after, take: page.take })
    const total = await countPredictions(context, list)
    return reply(200, { ...page.of(rows, (row) => [row.confidence, row.imageId]), total })
  }),
)
