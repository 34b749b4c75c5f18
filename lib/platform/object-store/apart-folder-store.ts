import { ServiceError } from '#lib/platform/errors.ts'
import type { FolderProcess, FolderTarget } from './folder-process.ts'
import type { FolderStoreOptions } from './folder-store.ts'
import type { DigestOptions, ObjectDigest, ObjectStore, StoredObject } from './object-store.ts'

/** A folder that is read by a process of its own, so that one that hangs holds no thread of ours. Never written to. */
export class ApartFolderStore implements ObjectStore {
  readonly location: string
  readonly #process: FolderProcess
  readonly #target: FolderTarget

  constructor(process: FolderProcess, folder: string, options: FolderStoreOptions) {
    this.location = `file:${folder}`
    this.#process = process
    this.#target = { folder, options }
  }

  async get(key: string, options: { maxBytes?: number } = {}): Promise<Buffer> {
    return asBuffer(await this.#process.call(this.#target, 'get', { key, maxBytes: options.maxBytes }))
  }

  async getRange(key: string, start: number, end: number): Promise<Buffer> {
    return asBuffer(await this.#process.call(this.#target, 'getRange', { key, start, end }))
  }

  async digest(key: string, options: DigestOptions): Promise<ObjectDigest> {
    const digest = await this.#process.call(this.#target, 'digest', { key, ...options })
    return { ...digest, head: asBuffer(digest.head) }
  }

  async put(key: string): Promise<void> {
    throw this.#readOnly(key)
  }

  async find(key: string): Promise<StoredObject | null> {
    return await this.#process.call(this.#target, 'find', { key })
  }

  list(prefix = ''): AsyncIterable<StoredObject> {
    return this.#process.list(this.#target, prefix)
  }

  async delete(key: string): Promise<void> {
    throw this.#readOnly(key)
  }

  async check(): Promise<void> {
    await this.#process.call(this.#target, 'check', null)
  }

  /** The process is for all who read the folder, and ends by itself. */
  async close(): Promise<void> {}

  #readOnly(key: string): ServiceError {
    return new ServiceError(
      'FORBIDDEN',
      `${JSON.stringify(key)} cannot be changed: ${this.location} is only read.`,
    )
  }
}

/** Between processes a Buffer becomes an array of bytes. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
