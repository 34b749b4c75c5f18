import { previewTemperatureEndpoint } from '#lib/api/endpoints/evaluation-runs.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { previewTemperature } from '#lib/model-comparison/preview-temperature.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(previewTemperatureEndpoint, async ({ context, params, query }) =>
    reply(200, await previewTemperature(context, { ...params, ...query })),
  ),
)
