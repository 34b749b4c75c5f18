import {
  archiveModelVersionEndpoint,
  getModelVersionEndpoint,
} from '#lib/delivery/endpoints/model-versions.ts'
import { archiveModelVersion } from '#lib/model/registry/archive.ts'
import { getModelVersion } from '#lib/model/registry/queries.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getModelVersionEndpoint, async ({ context, params }) =>
    reply(200, await getModelVersion(context, params)),
  ),
  route(archiveModelVersionEndpoint, async ({ context, params }) => {
    await archiveModelVersion(context, params)
    return reply(204)
  }),
)
