import { importPredictionsEndpoint } from '#lib/delivery/endpoints/prediction-sets.ts'
import { importPredictions } from '#lib/model/prediction-import/import.ts'
import { type Route, reply, route } from '#lib/platform/api/route.ts'

export const PREDICTION_SET_ROUTES: readonly Route[] = [
  route(importPredictionsEndpoint, async ({ context, body, request }) => {
    const idempotencyKey = request.headers.get('idempotency-key')
    return reply(201, await importPredictions(context, body, { idempotencyKey }))
  }),
]
