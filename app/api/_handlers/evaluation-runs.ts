import { sourcesOf } from '#lib/data/dataset-source/service-sources.ts'
import {
  checkLeakageEndpoint,
  sliceRunByValuesEndpoint,
  sliceRunEndpoint,
} from '#lib/delivery/endpoints/evaluation-checks.ts'
import {
  cancelEvaluationRunEndpoint,
  createEvaluationRunEndpoint,
  deleteEvaluationRunEndpoint,
  followEvaluationRunEndpoint,
  getEvaluationMetricsEndpoint,
  getEvaluationRunEndpoint,
  getRunCurvesEndpoint,
  listEvaluationRunsEndpoint,
  listPredictionsEndpoint,
  previewTemperatureEndpoint,
  retryEvaluationRunEndpoint,
} from '#lib/delivery/endpoints/evaluation-runs.ts'
import { feedsOf } from '#lib/delivery/live/service-feeds.ts'
import { runStream } from '#lib/delivery/live/streams.ts'
import { previewTemperature } from '#lib/model/comparison/preview-temperature.ts'
import { exportPredictions } from '#lib/model/evaluation-result/export-predictions.ts'
import { getRunCurves } from '#lib/model/evaluation-result/get-curves.ts'
import { getEvaluationMetrics } from '#lib/model/evaluation-result/get-metrics.ts'
import { getRunLatency } from '#lib/model/evaluation-result/latency.ts'
import { countPredictions, listPredictions } from '#lib/model/evaluation-result/list-predictions.ts'
import { sliceRun, sliceRunByValues } from '#lib/model/evaluation-result/slice-run.ts'
import { cancelEvaluationRun } from '#lib/model/evaluation-run/cancel.ts'
import { prepareEvaluationRun, queueEvaluationRun } from '#lib/model/evaluation-run/create.ts'
import { deleteEvaluationRun } from '#lib/model/evaluation-run/delete.ts'
import { getEvaluationRun, getRun, listEvaluationRuns } from '#lib/model/evaluation-run/queries.ts'
import { retryEvaluationRun } from '#lib/model/evaluation-run/retry.ts'
import { checkLeakage } from '#lib/model/leakage/check-leakage.ts'
import { preparedRoute, type Route, reply, route } from '#lib/platform/api/route.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { textStream } from '#lib/platform/http/text-stream.ts'

export const EVALUATION_RUN_ROUTES: readonly Route[] = [
  route(cancelEvaluationRunEndpoint, async ({ context, params }) => {
    const { id, status } = await cancelEvaluationRun(context, params)
    return reply(200, { id, status })
  }),
  route(getRunCurvesEndpoint, async ({ context, params }) => reply(200, await getRunCurves(context, params))),
  route(followEvaluationRunEndpoint, async ({ service, params }) => {
    await getRun(service.db, params.id) // a wrong id fails before the stream begins
    return new Response(runStream(feedsOf(service), params.id), {
      headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' },
    })
  }),
  route(checkLeakageEndpoint, async ({ context, params }) => reply(200, await checkLeakage(context, params))),
  route(getEvaluationMetricsEndpoint, async ({ context, params }) =>
    reply(200, await getEvaluationMetrics(context, params)),
  ),
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
  route(retryEvaluationRunEndpoint, async ({ context, params }) => {
    const { id, status } = await retryEvaluationRun(context, params)
    return reply(200, { id, status })
  }),
  route(getEvaluationRunEndpoint, async ({ context, params }) => {
    const run = await getEvaluationRun(context, params)
    const latency = await getRunLatency(context, params)
    return reply(200, { ...run, timings: { ...run.timings, ...latency } })
  }),
  route(deleteEvaluationRunEndpoint, async ({ context, params }) => {
    await deleteEvaluationRun(context, params)
    return reply(204)
  }),
  route(sliceRunEndpoint, async ({ context, params, query }) =>
    reply(200, await sliceRun(context, { ...params, ...query })),
  ),
  route(sliceRunByValuesEndpoint, async ({ context, params, body }) =>
    reply(200, await sliceRunByValues(context, { ...params, ...body })),
  ),
  route(previewTemperatureEndpoint, async ({ context, params, query }) =>
    reply(200, await previewTemperature(context, { ...params, ...query })),
  ),
  preparedRoute(
    createEvaluationRunEndpoint,
    ({ context, service, body }) => prepareEvaluationRun(context, sourcesOf(service), body),
    async ({ context, prepared }) => {
      const { id, status } = await queueEvaluationRun(context, prepared)
      return reply(201, { id, status })
    },
  ),
  route(listEvaluationRunsEndpoint, async ({ context, query, page }) => {
    const { cursor: _cursor, limit: _limit, ...list } = query
    const [createdAt, accuracy, id] = page.after ?? []
    const value = typeof accuracy === 'number' ? accuracy : null
    const after =
      page.after === null
        ? null
        : { id: String(id), createdAt: new Date(String(createdAt)), accuracy: { value } }
    const runs = await listEvaluationRuns(context, { ...list, after, take: page.take })
    return reply(
      200,
      page.of(runs, (run) => [run.createdAt.toISOString(), run.accuracy?.value ?? null, run.id]),
    )
  }),
]
