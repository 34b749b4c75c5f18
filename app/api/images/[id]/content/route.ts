import { sourcesOf } from '#lib/data/dataset-source/service-sources.ts'
import { imageContentEndpoint } from '#lib/delivery/endpoints/images.ts'
import { getImageRenderer } from '#lib/imaging/decoding/service-renderer.ts'
import { findImageContent } from '#lib/model/evaluation-result/image-content.ts'
import { route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { hasEntityTag } from '#lib/platform/http/entity-tag.ts'

/**
 * An image never changes under its number, so a browser need not ask again for a day. By `Vary` it asks when another
 * person signs in: what the one was shown is not shown to the next.
 */
const CACHING = { 'Cache-Control': 'private, max-age=86400, immutable', Vary: 'Cookie, Authorization' }

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(imageContentEndpoint, async ({ context, service, params, query, request }) => {
    const { size, modelVersionId = '' } = query
    const content = await findImageContent(
      context,
      { sources: sourcesOf(service), renderer: getImageRenderer() },
      { id: Number(params.id), ...(size === 'model-input' ? { size, modelVersionId } : { size }) },
    )
    const headers = { ...CACHING, ETag: content.entityTag }
    if (hasEntityTag(request, content.entityTag)) return new Response(null, { status: 304, headers })
    const { bytes, contentType } = await content.read(request.signal)
    return new Response(Buffer.from(bytes), {
      headers: {
        ...headers,
        'Content-Type': contentType,
        'Content-Disposition': 'inline',
        'Accept-Ranges': 'none', // encoded anew for each request: there are no bytes to go on from
      },
    })
  }),
)
