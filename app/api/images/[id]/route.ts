import { getImageEndpoint } from '#lib/delivery/endpoints/images.ts'
import { getImage } from '#lib/model/evaluation-result/image-details.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getImageEndpoint, async ({ context, params }) =>
    reply(200, await getImage(context, { id: Number(params.id) })),
  ),
)
