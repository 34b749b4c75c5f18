import { importPredictionsEndpoint } from '#lib/api/endpoints/prediction-sets.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { importPredictions } from '#lib/prediction-set/import.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(importPredictionsEndpoint, async ({ context, body, request }) => {
    const idempotencyKey = request.headers.get('idempotency-key')
    return reply(201, await importPredictions(context, body, { idempotencyKey }))
  }),
)
