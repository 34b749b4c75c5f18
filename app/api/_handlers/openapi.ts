import { ENDPOINTS } from '#lib/delivery/endpoints/all.ts'
import { getOpenApiEndpoint } from '#lib/delivery/endpoints/openapi.ts'
import { describeApi } from '#lib/delivery/endpoints/openapi-document.ts'
import { type Route, reply, route } from '#lib/platform/api/route.ts'

export const OPENAPI_ROUTES: readonly Route[] = [
  route(getOpenApiEndpoint, async ({ service }) =>
    reply(200, describeApi(ENDPOINTS, service.settings.baseUrl)),
  ),
]
