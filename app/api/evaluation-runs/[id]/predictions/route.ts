import { listPredictionsEndpoint } from '#lib/api/endpoints/evaluation-runs.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { ServiceError } from '#lib/errors.ts'
import { exportPredictions } from '#lib/evaluation-run/export-predictions.ts'
import { countPredictions, listPredictions } from '#lib/evaluation-run/list-predictions.ts'
import { textStream } from '#lib/http/text-stream.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(listPredictionsEndpoint, async ({ context, params, query, page, request }) => {
    const { cursor, limit: _limit, ...list } = { ...query, ...params }
    if (request.headers.get('accept')?.includes('text/csv')) {
      if (cursor !== undefined)
        throw new ServiceError('BAD_REQUEST', 'CSV is the whole list: leave the cursor out.')
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
