import { previewTemperatureEndpoint } from '#lib/delivery/endpoints/evaluation-runs.ts'
import { previewTemperature } from '#lib/model/comparison/preview-temperature.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(previewTemperatureEndpoint, async ({ context, params, query }) =>
    reply(200, await previewTemperature(context, { ...params, ...query })),
  ),
)
