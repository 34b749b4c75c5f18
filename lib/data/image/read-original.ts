import { createHash } from 'node:crypto'
import { type DatasetSources, openDatasetStore } from '#lib/data/dataset-source/sources.ts'
import { MAX_IMAGE_BYTES } from '#lib/data/snapshot/classify-object.ts'
import { newRenderQueue } from '#lib/imaging/decoding/render-queue.ts'
import type { BoundedQueue, Turn } from '#lib/platform/concurrency/bounded-queue.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { FoundImage } from './image-queries.ts'

/** Of one place: what is read ahead of the decoders. Images of a folder that hangs hold no place of another's. */
const PLACES = 4

/** By location; the service's own store is one place. */
const queues = new Map<string | null, BoundedQueue>()

/** Reads an image when its turn comes and hands it over; the next one is read when that has ended. */
export function withOriginal<T>(
  sources: DatasetSources,
  image: Parameters<typeof readOriginal>[1],
  turn: Turn,
  use: (bytes: Buffer) => Promise<T>,
): Promise<T> {
  const { location } = image.dataset
  const queue = queues.get(location) ?? newRenderQueue(PLACES)
  queues.set(location, queue)
  return queue.run(async () => use(await readOriginal(sources, image)), turn)
}

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
