import { listPredictionsEndpoint } from '#lib/api/endpoints/evaluation-runs.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { ServiceError } from '#lib/errors.ts'
import { exportPredictions } from '#lib/evaluation-run/export-predictions.ts'
import { listPredictions } from '#lib/evaluation-run/list-predictions.ts'
import { textStream } from '#lib/http/text-stream.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(listPredictionsEndpoint, async ({ context, params, query, page, request }) => {
    const { status, referenceClass, predictedClass, cursor } = query
    if (request.headers.get('accept')?.includes('text/csv')) {
      if ([status, referenceClass, predictedClass, cursor].some((part) => part !== undefined))
        throw new ServiceError('BAD_REQUEST', 'CSV is the whole run: leave the filters and the cursor out.')
      return await csvReply(context, params)
    }
    const afterImageId = Number(page.after?.[0] ?? 0)
    const rows = await listPredictions(context, {
      ...params,
      status,
      referenceClass,
      predictedClass,
      afterImageId,
      take: page.take,
    })
    return reply(
      200,
      page.of(rows, (row) => [row.imageId]),
    )
  }),
)

async function csvReply(
  context: Parameters<typeof exportPredictions>[0],
  params: { id: string },
): Promise<Response> {
  return new Response(textStream(await exportPredictions(context, params)), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="predictions-${params.id}.csv"`,
    },
  })
}
