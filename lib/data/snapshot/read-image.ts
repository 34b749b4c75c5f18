import { createHash } from 'node:crypto'
import { readImageHeader } from '#lib/imaging/decoding/image-header.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { ObjectStore, StoredObject } from '#lib/platform/object-store/object-store.ts'
import { MAX_IMAGE_BYTES } from './classify-object.ts'
import type { SkipCode } from './skip-code.ts'

export type ReadImage = { sha256: string; sizeBytes: number; width: number; height: number }

/** What one reader holds in memory; nearly every image comes whole in the first piece. */
const PIECE_BYTES = 4 * 1024 * 1024

/** Hashes an object and reads its header, or says why it is no image. Throws only when the store is away. */
export async function readImage(store: ObjectStore, object: StoredObject): Promise<ReadImage | SkipCode> {
  try {
    const whole = object.sizeBytes <= PIECE_BYTES
    const first = whole
      ? await store.get(object.key, { maxBytes: MAX_IMAGE_BYTES })
      : await store.getRange(object.key, 0, PIECE_BYTES - 1)
    if (first.length === 0) return 'EMPTY_FILE'
    const header = readImageHeader(first)
    if (typeof header === 'string') return header
    if (header.animated) return 'ANIMATED_NOT_SUPPORTED'
    const hash = createHash('sha256').update(first)
    for (let at = first.length; !whole && at < object.sizeBytes; at += PIECE_BYTES) {
      hash.update(await store.getRange(object.key, at, Math.min(at + PIECE_BYTES, object.sizeBytes) - 1))
    }
    const sizeBytes = whole ? first.length : object.sizeBytes
    return { sha256: hash.digest('hex'), sizeBytes, width: header.width, height: header.height }
  } catch (error) {
    const code = error instanceof ServiceError ? skipCodeOf(error) : null
    if (code !== null) return code
    throw error
  }
}

function skipCodeOf(error: ServiceError): SkipCode | null {
  if (error.kind === 'NOT_FOUND') return 'NOT_FOUND'
  if (error.kind === 'FORBIDDEN') return 'UNREADABLE'
  if (error.kind === 'TOO_LARGE') return 'TOO_LARGE'
  if (error.code === 'BAD_RANGE' || error.code === 'CHANGED_WHILE_READ') return 'CHANGED_DURING_SCAN'
  return null
}
