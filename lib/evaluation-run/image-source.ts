import { type DatasetSources, imageSourceOf, openDatasetStore } from '#lib/dataset/sources.ts'
import { ServiceError } from '#lib/errors.ts'
import type { ImageErrorCode, ImageSource } from '#lib/evaluator-contract.ts'
import type { ObjectStore } from '#lib/object-store/object-store.ts'
import { MAX_SENT_IMAGE_BYTES, type RunItem } from './chunk.ts'
import type { ErrorRow } from './write-batch.ts'

/** Says where a run's images are: by their key, or with their bytes where the evaluator cannot reach them. */
export class ImageSources {
  readonly #sources: DatasetSources
  readonly #dataset: { name: string; location: string | null }
  readonly #onError: (row: ErrorRow) => Promise<void>
  #store: Promise<ObjectStore> | null = null

  constructor(options: {
    sources: DatasetSources
    dataset: { name: string; location: string | null }
    onError: (row: ErrorRow) => Promise<void>
  }) {
    this.#sources = options.sources
    this.#dataset = options.dataset
    this.#onError = options.onError
  }

  /** Null: its bytes cannot be had, and its error row is written. */
  async of(item: RunItem): Promise<ImageSource | null> {
    if (!item.sendBytes) return imageSourceOf(this.#sources, this.#dataset, item.objectKey)
    try {
      const store = await this.#open()
      const bytes = await store.get(item.objectKey, { maxBytes: MAX_SENT_IMAGE_BYTES })
      return { bytes: bytes.toString('base64') }
    } catch (error) {
      const [code, message] = explain(error)
      await this.#onError({ imageId: item.imageId, code, message })
      return null
    }
  }

  /** Throws when the store is away: then an image that could not be read is not to blame. */
  async checkStore(): Promise<void> {
    await (await this.#open()).check()
  }

  #open(): Promise<ObjectStore> {
    this.#store ??= openDatasetStore(this.#sources, this.#dataset)
    return this.#store
  }

  async close(): Promise<void> {
    const store = await this.#store?.catch(() => null)
    await store?.close()
  }
}

/** Messages name no key: a file name may name a patient. */
function explain(error: unknown): [ImageErrorCode, string] {
  if (!(error instanceof ServiceError)) throw error
  if (error.kind === 'NOT_FOUND') return ['NOT_FOUND', 'the image is no longer there']
  if (error.kind === 'TOO_LARGE') return ['TOO_LARGE', 'the image is too large to be sent to the evaluator']
  if (error.kind === 'FORBIDDEN') return ['READ_FAILED', 'the store refuses access to the image']
  throw error // the store is away: the attempt ends and is repeated
}
