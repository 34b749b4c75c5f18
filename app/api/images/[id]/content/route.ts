import { imageContentEndpoint } from '#lib/api/endpoints/images.ts'
import { route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { getImageContent } from '#lib/dataset/image-content.ts'
import { sourcesOf } from '#lib/dataset/service-sources.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(imageContentEndpoint, async ({ context, service, params, query }) => {
    const { bytes, contentType } = await getImageContent(
      context,
      sourcesOf(service),
      service.imageRenderer(),
      {
        id: Number(params.id),
        size: query.size,
      },
    )
    return new Response(Buffer.from(bytes), {
      headers: {
        'Content-Type': contentType,
        'Content-Disposition': 'inline',
        'Content-Security-Policy': "default-src 'none'; sandbox",
      },
    })
  }),
)
