import { ENDPOINTS } from '#lib/api/endpoints/all.ts'
import { getOpenApiEndpoint } from '#lib/api/endpoints/openapi.ts'
import { describeApi } from '#lib/api/openapi.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getOpenApiEndpoint, async ({ service }) =>
    reply(200, describeApi(ENDPOINTS, service.settings.baseUrl)),
  ),
)
