import { sourcesOf } from '#lib/data/dataset-source/service-sources.ts'
import { getDatasetNeighbours } from '#lib/data/image/image-neighbours.ts'
import {
  getImageEndpoint,
  getNeighboursEndpoint,
  imageContentEndpoint,
} from '#lib/delivery/endpoints/images.ts'
import { getImageRenderer } from '#lib/imaging/decoding/service-renderer.ts'
import { findImageContent } from '#lib/model/evaluation-result/image-content.ts'
import { getImage } from '#lib/model/evaluation-result/image-details.ts'
import { getPredictionNeighbours } from '#lib/model/evaluation-result/prediction-neighbours.ts'
import { type Route, reply, route } from '#lib/platform/api/route.ts'
import { hasEntityTag } from '#lib/platform/http/entity-tag.ts'

/**
 * An image never changes under its number, so a browser need not ask again for a day. By `Vary` it asks when another
 * person signs in: what the one was shown is not shown to the next.
 */
const CACHING = { 'Cache-Control': 'private, max-age=86400, immutable', Vary: 'Cookie, Authorization' }

export const IMAGE_ROUTES: readonly Route[] = [
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
  route(getNeighboursEndpoint, async ({ context, params, query }) => {
    const { run, findingClass, context: _list, ...filter } = query
    const imageId = Number(params.id)
    const neighbours =
      run === undefined
        ? await getDatasetNeighbours(context, { imageId, findingClass })
        : await getPredictionNeighbours(context, { ...filter, id: run, imageId })
    return reply(200, neighbours)
  }),
  route(getImageEndpoint, async ({ context, params }) =>
    reply(200, await getImage(context, { id: Number(params.id) })),
  ),
]
