import { createHash } from 'node:crypto'
import type { Context } from '#lib/context.ts'
import { ServiceError } from '#lib/errors.ts'
import type { ImageRenderer, RenderSize } from '#lib/image-decoding/render-image.ts'
import { MAX_IMAGE_BYTES } from './classify-object.ts'
import { findImage } from './image-queries.ts'
import { type DatasetSources, openDatasetStore } from './sources.ts'

/**
 * An image as pixels to look at: decoded in a child process and encoded anew, so that nothing of the upload but
 * its pixels leaves. Thumbnails are made once and kept in the object store by content.
 */
export async function getImageContent(
  context: Context,
  sources: DatasetSources,
  renderer: ImageRenderer,
  input: { id: number; size: RenderSize },
): Promise<{ bytes: Uint8Array; contentType: string }> {
  const image = await findImage(context, input.id)
  if (image === null) throw new ServiceError('NOT_FOUND', `There is no image ${input.id}.`)
  const cacheKey = `thumbnails/${image.sha256}.webp`
  if (input.size === 'thumbnail') {
    const kept = await findKept(sources, cacheKey)
    if (kept !== null) return { bytes: kept, contentType: 'image/webp' }
  }
  const original = await readOriginal(sources, image)
  const rendering = await renderer.render(original, input.size)
  if (rendering.status === 'refused') {
    const kind = rendering.code === 'STOPPING' ? 'UNAVAILABLE' : 'UNPROCESSABLE'
    throw new ServiceError(kind, `The image cannot be shown: ${rendering.message}.`, { code: rendering.code })
  }
  if (input.size === 'thumbnail') await sources.objectStore.put(cacheKey, rendering.bytes)
  return rendering
}

async function findKept(sources: DatasetSources, key: string): Promise<Buffer | null> {
  const found = await sources.objectStore.find(key)
  return found === null ? null : await sources.objectStore.get(key)
}

async function readOriginal(
  sources: DatasetSources,
  image: NonNullable<Awaited<ReturnType<typeof findImage>>>,
): Promise<Buffer> {
  const store = await openDatasetStore(sources, image.dataset)
  try {
    const bytes = await store.get(image.objectKey, { maxBytes: MAX_IMAGE_BYTES })
    if (createHash('sha256').update(bytes).digest('hex') === image.sha256) return bytes
    throw new ServiceError('CONFLICT', 'The file has changed since it was scanned: scan the dataset again.', {
      code: 'CHANGED_SINCE_SCAN',
    })
  } finally {
    await store.close()
  }
}
