import { setTimeout as sleep } from 'node:timers/promises'
import { type DatasetSources, imageSourceOf, openDatasetStore } from '#lib/data/dataset-source/sources.ts'
import type { RunItem } from '#lib/model/evaluation-run/manifest.ts'
import type { ImageErrorCode, ImageSource } from '#lib/model/evaluator/evaluator-contract.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import { isStoreAway } from '#lib/platform/object-store/store-gate.ts'
import { MAX_SENT_IMAGE_BYTES } from './chunk.ts'
import type { ErrorRow } from './write-batch.ts'

/** The images' store does not answer, or lets us in no more: the run waits, and no image is to blame. */
export class StoreAway extends Error {
  override readonly name = 'StoreAway'
}

/** A store that answers at all lists one object within it; its client would wait minutes for one that hangs. */
const CHECK_TIMEOUT_MS = 10_000
/** Times that an image is asked for of a store that is there. */
const MAX_READS = 3
const READ_PAUSE_MS = 500

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

  /** Null: its bytes cannot be had although the store is there, and its error row is written. */
  async of(item: RunItem, signal: AbortSignal): Promise<ImageSource | null> {
    if (!item.sendBytes) return imageSourceOf(this.#sources, this.#dataset, item.objectKey)
    for (let reads = 1; ; reads++) {
      const found = await this.#read(item)
      if ('bytes' in found) return found
      if (found.code === 'READ_FAILED') await this.checkStore()
      if (found.code !== 'READ_FAILED' || reads === MAX_READS) {
        await this.#onError({ imageId: item.imageId, ...found })
        return null
      }
      await sleep(READ_PAUSE_MS, undefined, { signal })
    }
  }

  /** Throws `StoreAway` when the store is away: then an image that could not be read is not to blame. */
  async checkStore(): Promise<void> {
    const answered = new AbortController()
    try {
      const looks = this.#open().then((store) => store.check())
      await Promise.race([looks, failAfter(CHECK_TIMEOUT_MS, answered.signal)])
    } catch (error) {
      throw storeAway(error)
    } finally {
      answered.abort()
    }
  }

  async #read(item: RunItem): Promise<{ bytes: string } | { code: ImageErrorCode; message: string }> {
    try {
      const store = await this.#open()
      const bytes = await store.get(item.objectKey, { maxBytes: MAX_SENT_IMAGE_BYTES })
      return { bytes: bytes.toString('base64') }
    } catch (error) {
      if (isStoreAway(error)) throw storeAway(error)
      return explain(error)
    }
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

function storeAway(error: unknown): unknown {
  return error instanceof ServiceError ? new StoreAway(error.message, { cause: error }) : error
}

async function failAfter(ms: number, signal: AbortSignal): Promise<never> {
  await sleep(ms, undefined, { signal })
  throw new ServiceError('UNAVAILABLE', `The object store did not answer within ${ms / 1000} s.`)
}

/** Messages name no key: a file name may name a patient. */
function explain(error: unknown): { code: ImageErrorCode; message: string } {
  if (!(error instanceof ServiceError)) throw error
  if (error.kind === 'NOT_FOUND') return { code: 'NOT_FOUND', message: 'the image is no longer there' }
  if (error.kind === 'TOO_LARGE')
    return { code: 'TOO_LARGE', message: 'the image is too large to be sent to the evaluator' }
  if (error.kind === 'FORBIDDEN')
    return { code: 'READ_FAILED', message: 'the store refuses access to the image' }
  return { code: 'READ_FAILED', message: 'the store does not give the image' }
}
