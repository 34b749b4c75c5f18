import { downloadModelCardEndpoint } from '#lib/delivery/endpoints/model-versions.ts'
import { getModelVersion } from '#lib/model/registry/queries.ts'
import { route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(downloadModelCardEndpoint, async ({ context, params }) => {
    const { card } = await getModelVersion(context, params)
    return new Response(`${JSON.stringify(card, null, 2)}\n`, {
      headers: {
        'Content-Type': 'application/json',
        'Content-Disposition': 'attachment; filename="model.json"',
      },
    })
  }),
)
