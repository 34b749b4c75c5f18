import { downloadModelCardEndpoint } from '#lib/api/endpoints/model-versions.ts'
import { route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { getModelVersion } from '#lib/model-registry/queries.ts'

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
