import { createHash } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { LRUCache } from 'lru-cache'
import { ServiceError } from '#lib/platform/errors.ts'
import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import { lendToChildren, preparePrivateFolder } from './private-folder.ts'

/** Fetched, hashed and written at a time: what one model takes of this process's memory, whatever its size. */
const PIECE_BYTES = 4 * 2 ** 20
/** On disk; the sessions in memory are fewer. */
const KEPT_FILES = 16

/**
 * Verified copies of models in a private folder. The inference children read them from here: they need no
 * credentials for the object store, and one download serves them all.
 */
export class ModelFiles {
  private readonly store: ObjectStore
  private readonly limitBytes: number
  private readonly limitReason: string | null
  private readonly folder: string
  private readonly files = new LRUCache<string, Promise<string>>({
    max: KEPT_FILES,
    // One that is still on its way, or failed, holds up and fails no other.
    dispose: (file, _sha256, reason) =>
      reason === 'evict' && void file.then((path) => rm(path, { force: true })).catch(() => undefined),
  })

  /** `limitReason`: what the evaluator says of itself where its limit is lower than the setting. */
  constructor(store: ObjectStore, folder: string, limitBytes: number, limitReason: string | null = null) {
    this.store = store
    this.folder = folder
    this.limitBytes = limitBytes
    this.limitReason = limitReason
  }

  /** Path of the model's file. Throws MODEL_NOT_FOUND, MODEL_TOO_LARGE, HASH_MISMATCH, or the store's own error. */
  async get(sha256: string): Promise<string> {
    await this.forgetIfGone(sha256)
    const file = this.files.get(sha256) ?? this.fetch(sha256)
    this.files.set(sha256, file)
    try {
      return await file
    } catch (error) {
      // Only what was found is remembered: the model may arrive a moment later.
      this.files.delete(sha256)
      throw error
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  private async fetch(sha256: string): Promise<string> {
    preparePrivateFolder(this.folder)
    const file = path.join(this.folder, `${sha256}.onnx`)
    const incoming = `${file}.incoming`
    try {
      const found = await this.copy(`models/${sha256}.onnx`, incoming)
      if (found !== sha256)
        throw new ServiceError(
          'UNPROCESSABLE',
          `The model's bytes have the SHA-256 ${found}, not ${sha256}.`,
          { code: 'HASH_MISMATCH' },
        )
      lendToChildren(incoming, 0o440)
      await rename(incoming, file)
    } catch (error) {
      await rm(incoming, { force: true })
      throw error
    }
    return file
  }

  /** Copies an object into a file, piece by piece, and gives the SHA-256 of what came. */
  private async copy(key: string, target: string): Promise<string> {
    const sizeBytes = await this.measure(key)
    const hash = createHash('sha256')
    const file = await open(target, 'w', 0o600)
    try {
      for (let at = 0; at < sizeBytes; at += PIECE_BYTES) {
        const end = Math.min(at + PIECE_BYTES, sizeBytes)
        const piece = await this.store.getRange(key, at, end - 1).catch((error: unknown) => {
          throw unreadable(key, error)
        })
        hash.update(piece)
        await file.writeFile(piece)
      }
    } finally {
      await file.close()
    }
    return hash.digest('hex')
  }

  private async measure(key: string): Promise<number> {
    const stored = await this.store.find(key).catch((error: unknown) => {
      throw unreadable(key, error)
    })
    if (stored === null || stored.kind !== 'object')
      throw new ServiceError('NOT_FOUND', `The object store has no ${key}.`, { code: 'MODEL_NOT_FOUND' })
    if (stored.sizeBytes > this.limitBytes) {
      const reason = this.limitReason === null ? '' : `: the evaluator ${this.limitReason}`
      throw new ServiceError('TOO_LARGE', `The model has more than ${this.limitBytes} bytes${reason}.`, {
        code: 'MODEL_TOO_LARGE',
      })
    }
    return stored.sizeBytes
  }

  /** Systems clear their temporary folder of what was not touched for days, and a session in memory touches nothing. */
  private async forgetIfGone(sha256: string): Promise<void> {
    const file = this.files.get(sha256)
    const found = await file?.then(existsSync, () => true)
    if (found === false && this.files.get(sha256) === file) this.files.delete(sha256)
  }
}

function unreadable(key: string, error: unknown): unknown {
  if (!(error instanceof ServiceError)) return error
  return new ServiceError('UNAVAILABLE', `${key} cannot be read: ${error.message}`, { cause: error })
}
