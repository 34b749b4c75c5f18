import { ENDPOINTS } from '#lib/delivery/endpoints/all.ts'
import { getOpenApiEndpoint } from '#lib/delivery/endpoints/openapi.ts'
import { describeApi } from '#lib/delivery/endpoints/openapi-document.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getOpenApiEndpoint, async ({ service }) =>
    reply(200, describeApi(ENDPOINTS, service.settings.baseUrl)),
  ),
)
