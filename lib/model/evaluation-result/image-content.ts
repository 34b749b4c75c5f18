import type { DatasetSources } from '#lib/data/dataset-source/sources.ts'
import { getFoundImage } from '#lib/data/image/image-queries.ts'
import { withOriginal } from '#lib/data/image/read-original.ts'
import type { ImageRenderer, RenderRefusal } from '#lib/imaging/decoding/render-image.ts'
import { getModelVersion } from '#lib/model/registry/queries.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { ModelCard } from '#lib/vocabulary/model-card.ts'

/** Raise it whenever the same image would be encoded to other bytes than before: kept thumbnails are then made anew. */
const RENDERER_VERSION = 1

/** What is asked for: a small preview, every pixel, or what a model version sees. */
export type ContentRequest = { size: 'thumbnail' | 'full' } | { size: 'model-input'; modelVersionId: string }

export type ImageContent = { bytes: Uint8Array; contentType: 'image/webp' | 'image/png' }

/** An image's content that has not been made yet, by the tag under which a client may have it already. */
export type FoundContent = { entityTag: string; read: (signal?: AbortSignal) => Promise<ImageContent> }

type WithOriginal = <T>(
  options: { urgent: boolean; signal: AbortSignal | undefined },
  use: (bytes: Uint8Array) => Promise<T>,
) => Promise<T>

/**
 * An image as pixels to look at: decoded in a child process and encoded anew, so that nothing of the upload but
 * its pixels leaves. Thumbnails are made once and kept in the object store by content.
 */
export async function findImageContent(
  context: Pick<Context, 'db'>,
  { sources, renderer }: { sources: DatasetSources; renderer: ImageRenderer },
  input: { id: number } & ContentRequest,
): Promise<FoundContent> {
  const image = await getFoundImage(context, input.id)
  if (!image.hasContent)
    throw new ServiceError(
      'NOT_FOUND',
      'Only predictions were imported for this image: it is not stored here.',
      {
        code: 'NO_IMAGE_CONTENT',
      },
    )
  const original: WithOriginal = (options, use) => withOriginal(sources, image, options, use)
  const tag = (form: string) => `"${image.sha256}-${form}-${RENDERER_VERSION}"`
  if (input.size === 'model-input') {
    const { card, preprocessingSha256 } = await getModelVersion(context, { id: input.modelVersionId })
    if (preprocessingSha256 === null)
      throw new ServiceError(
        'UNPROCESSABLE',
        'This version has imported predictions only: there is no model input to show.',
        {
          code: 'NO_MODEL_FILE',
        },
      )
    const read = (signal?: AbortSignal) => readModelInput(renderer, original, card, signal)
    return { entityTag: tag(preprocessingSha256), read }
  }
  const { size } = input
  const read = (signal?: AbortSignal) => render(renderer, original, size, signal)
  if (size === 'full') return { entityTag: tag(size), read }
  const cacheKey = `thumbnails/${image.sha256}-${RENDERER_VERSION}.webp`
  return { entityTag: tag(size), read: (signal) => readKept(sources, cacheKey, () => read(signal)) }
}

async function readKept(
  { objectStore }: DatasetSources,
  key: string,
  make: () => Promise<ImageContent>,
): Promise<ImageContent> {
  try {
    return { bytes: await objectStore.get(key), contentType: 'image/webp' }
  } catch (error) {
    if (!(error instanceof ServiceError) || error.kind !== 'NOT_FOUND') throw error
  }
  const made = await make()
  await objectStore.put(key, made.bytes, { contentType: made.contentType })
  return made
}

async function render(
  renderer: ImageRenderer,
  original: WithOriginal,
  size: 'thumbnail' | 'full',
  signal?: AbortSignal,
): Promise<ImageContent> {
  // A page of thumbnails waits behind the one image that a user looks at.
  const urgent = size === 'full'
  const result = await original({ urgent, signal }, (bytes) =>
    renderer.inTurn(() => renderer.render(bytes, size, signal), { urgent, signal }),
  )
  return result.status === 'ok' ? result : refuse(result)
}

async function readModelInput(
  renderer: ImageRenderer,
  original: WithOriginal,
  card: ModelCard,
  signal?: AbortSignal,
): Promise<ImageContent> {
  const options = { urgent: true, signal }
  const result = await original(options, (bytes) =>
    renderer.inTurn(() => renderer.renderModelInput(bytes, card, signal), options),
  )
  return result.status === 'seen' ? { bytes: result.png, contentType: 'image/png' } : refuse(result)
}

function refuse({ code, message }: RenderRefusal): never {
  const kind = code === 'STOPPING' ? 'UNAVAILABLE' : 'UNPROCESSABLE'
  throw new ServiceError(kind, `The image cannot be shown: ${message}.`, { code })
}
