import { createHash } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { ServiceError } from '#lib/platform/errors.ts'
import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import { makePrivateFolder } from './private-folder.ts'

/** Hashed at a time, so that health checks are answered between two pieces of a large model. */
const HASH_PIECE_BYTES = 4 * 2 ** 20
/** On disk; the sessions in memory are fewer. */
const KEPT_FILES = 16

/**
 * Verified copies of models in a private folder. The inference children read them from here: they need no
 * credentials for the object store, and one download serves them all.
 */
export class ModelFiles {
  private readonly store: ObjectStore
  private readonly limitBytes: number
  private readonly folder = makePrivateFolder()
  private readonly files = new Map<string, Promise<string>>()

  constructor(store: ObjectStore, limitBytes: number) {
    this.store = store
    this.limitBytes = limitBytes
  }

  /** Path of the model's file. Throws MODEL_NOT_FOUND, MODEL_TOO_LARGE, HASH_MISMATCH, or the store's own error. */
  async get(sha256: string): Promise<string> {
    await this.forgetIfGone(sha256)
    const file = this.files.get(sha256) ?? this.fetch(sha256)
    this.files.delete(sha256)
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
    const bytes = await this.read(`models/${sha256}.onnx`)
    const found = await hashInPieces(bytes)
    if (found !== sha256)
      throw new ServiceError('UNPROCESSABLE', `The model's bytes have the SHA-256 ${found}, not ${sha256}.`, {
        code: 'HASH_MISMATCH',
      })
    await this.forgetOldest()
    const file = path.join(this.folder, `${sha256}.onnx`)
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    await writeFile(`${file}.incoming`, bytes, { mode: 0o600 })
    await rename(`${file}.incoming`, file)
    return file
  }

  private async read(key: string): Promise<Buffer> {
    try {
      return await this.store.get(key, { maxBytes: this.limitBytes })
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      if (error.kind === 'NOT_FOUND')
        throw new ServiceError('NOT_FOUND', `The object store has no ${key}.`, {
          code: 'MODEL_NOT_FOUND',
          cause: error,
        })
      if (error.kind === 'TOO_LARGE')
        throw new ServiceError('TOO_LARGE', `The model has more than ${this.limitBytes} bytes.`, {
          code: 'MODEL_TOO_LARGE',
          cause: error,
        })
      throw new ServiceError('UNAVAILABLE', `${key} cannot be read: ${error.message}`, { cause: error })
    }
  }

  /** Systems clear their temporary folder of what was not touched for days, and a session in memory touches nothing. */
  private async forgetIfGone(sha256: string): Promise<void> {
    const file = this.files.get(sha256)
    const found = await file?.then(existsSync, () => true)
    if (found === false && this.files.get(sha256) === file) this.files.delete(sha256)
  }

  private async forgetOldest(): Promise<void> {
    for (const [sha256, file] of this.files) {
      if (this.files.size <= KEPT_FILES) return
      this.files.delete(sha256)
      await rm(await file, { force: true })
    }
  }
}

async function hashInPieces(bytes: Buffer): Promise<string> {
  const hash = createHash('sha256')
  for (let at = 0; at < bytes.length; at += HASH_PIECE_BYTES) {
    hash.update(bytes.subarray(at, at + HASH_PIECE_BYTES))
    await yieldToOthers()
  }
  return hash.digest('hex')
}
