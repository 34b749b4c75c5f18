import {
  getModelComparisonEndpoint,
  listComparedImagesEndpoint,
} from '#lib/delivery/endpoints/model-comparisons.ts'
import { exportComparedImages } from '#lib/model/comparison/export-compared-images.ts'
import { getModelComparison } from '#lib/model/comparison/get-comparison.ts'
import { listComparedImages } from '#lib/model/comparison/list-compared-images.ts'
import { type Route, reply, route } from '#lib/platform/api/route.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { textStream } from '#lib/platform/http/text-stream.ts'

export const MODEL_COMPARISON_ROUTES: readonly Route[] = [
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
  route(getModelComparisonEndpoint, async ({ context, query, service }) => {
    const { baseline, candidate, dataset, intersection, resamples, seed, ...gateRules } = query
    const compared = { baseline, candidate, dataset, intersection, resamples, seed }
    return reply(200, await getModelComparison(context, service.settings.gate, { ...compared, gateRules }))
  }),
]
