import { createHash } from 'node:crypto'
import { type DatasetSources, openDatasetStore } from '#lib/data/dataset-source/sources.ts'
import { MAX_IMAGE_BYTES } from '#lib/data/snapshot/classify-object.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { FoundImage } from './image-queries.ts'

/** The bytes of an image as they were scanned; throws NOT_FOUND, CONFLICT where they have changed, or UNAVAILABLE. */
export async function readOriginal(
  sources: DatasetSources,
  image: Pick<FoundImage, 'dataset' | 'objectKey' | 'sha256'>,
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
