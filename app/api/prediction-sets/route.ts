import { importPredictionsEndpoint } from '#lib/delivery/endpoints/prediction-sets.ts'
import { importPredictions } from '#lib/model/prediction-import/import.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(importPredictionsEndpoint, async ({ context, body, request }) => {
    const idempotencyKey = request.headers.get('idempotency-key')
    return reply(201, await importPredictions(context, body, { idempotencyKey }))
  }),
)
