import { getImageEndpoint } from '#lib/api/endpoints/images.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { getImage } from '#lib/dataset/image-details.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getImageEndpoint, async ({ context, params }) =>
    reply(200, await getImage(context, { id: Number(params.id) })),
  ),
)
