import { type HeaderFault, type ImageHeader, readImageHeader } from '#lib/imaging/decoding/image-header.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { ObjectDigest, ObjectStore, StoredObject } from '#lib/platform/object-store/object-store.ts'
import { MAX_IMAGE_BYTES } from './classify-object.ts'
import type { SkipCode } from './skip-code.ts'

export type ReadImage = { sha256: string; sizeBytes: number; width: number; height: number }

/** Holds the size of nearly every image; what has much metadata before it is looked at again. */
const HEAD_BYTES = 4 * 1024
const LONG_HEAD_BYTES = 4 * 1024 * 1024

/** Hashes an object and reads its header, or says why it is no image. Throws only when the store is away. */
export async function readImage(store: ObjectStore, object: StoredObject): Promise<ReadImage | SkipCode> {
  const { key, sizeBytes } = object
  try {
    const digest = await store.digest(key, { sizeBytes, maxBytes: MAX_IMAGE_BYTES, headBytes: HEAD_BYTES })
    if (digest.sizeBytes === 0) return 'EMPTY_FILE'
    const header = await readHeader(store, key, digest)
    if (typeof header === 'string') return header
    if (header.animated) return 'ANIMATED_NOT_SUPPORTED'
    return { sha256: digest.sha256, sizeBytes: digest.sizeBytes, width: header.width, height: header.height }
  } catch (error) {
    const code = error instanceof ServiceError ? skipCodeOf(error) : null
    if (code !== null) return code
    throw error
  }
}

/** From the first bytes; from many more where those do not settle it. */
async function readHeader(
  store: ObjectStore,
  key: string,
  { head, sizeBytes }: ObjectDigest,
): Promise<ImageHeader | HeaderFault> {
  const header = readImageHeader(head)
  if (head.length === sizeBytes || header === 'NOT_AN_IMAGE' || isSettled(header, head)) return header
  return readImageHeader(await store.getRange(key, 0, Math.min(LONG_HEAD_BYTES, sizeBytes) - 1))
}

/** A PNG may say that it is an animation anywhere before its first pixels. */
function isSettled(header: ImageHeader | HeaderFault, head: Buffer): boolean {
  return typeof header !== 'string' && (header.format === 'jpeg' || header.animated || head.includes('IDAT'))
}

function skipCodeOf(error: ServiceError): SkipCode | null {
  if (error.kind === 'NOT_FOUND') return 'NOT_FOUND'
  if (error.kind === 'FORBIDDEN') return 'UNREADABLE'
  if (error.kind === 'TOO_LARGE') return 'TOO_LARGE'
  if (error.code === 'BAD_RANGE' || error.code === 'CHANGED_WHILE_READ') return 'CHANGED_DURING_SCAN'
  return null
}
