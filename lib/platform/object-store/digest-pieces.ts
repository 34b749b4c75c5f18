import { createHash } from 'node:crypto'
import type { ObjectDigest, ObjectStore } from './object-store.ts'

/** What one reader holds in memory; nearly every image comes whole in the first piece. */
const PIECE_BYTES = 4 * 1024 * 1024

/** Hashes an object of a store that hands its bytes over, piece by piece where it is large. */
export async function digestPieces(
  store: Pick<ObjectStore, 'get' | 'getRange'>,
  key: string,
  { sizeBytes, headBytes }: { sizeBytes: number; headBytes: number },
): Promise<ObjectDigest> {
  const whole = sizeBytes <= PIECE_BYTES
  const first = whole
    ? await store.get(key, { maxBytes: PIECE_BYTES })
    : await store.getRange(key, 0, PIECE_BYTES - 1)
  const hash = createHash('sha256').update(first)
  for (let at = first.length; !whole && at < sizeBytes; at += PIECE_BYTES)
    hash.update(await store.getRange(key, at, Math.min(at + PIECE_BYTES, sizeBytes) - 1))
  return {
    sha256: hash.digest('hex'),
    sizeBytes: whole ? first.length : sizeBytes,
    head: first.subarray(0, headBytes),
  }
}
