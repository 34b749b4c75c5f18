import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { ServiceError } from '#lib/platform/errors.ts'
import type { ObjectDigest } from './object-store.ts'

/** For callers who must know that a slow read goes on. */
export type Watched = { onProgress?: () => void }

/** Read at once: a slow share brings it within seconds, and each piece is a sign of life. */
const PIECE_BYTES = 1024 * 1024

/** The bytes from `start`; CHANGED_WHILE_READ where the file has become shorter. */
export async function readExactly(
  file: FileHandle,
  key: string,
  { start, length, onProgress }: { start: number; length: number } & Watched,
): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length)
  for await (const _filled of fillPieces(file, key, { into: buffer, start })) onProgress?.()
  return buffer
}

/** Hashes the file in one buffer, whatever its size. */
export async function digestFile(
  file: FileHandle,
  key: string,
  { sizeBytes, headBytes, onProgress }: { sizeBytes: number; headBytes: number } & Watched,
): Promise<ObjectDigest> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(Math.min(sizeBytes, Math.max(PIECE_BYTES, headBytes)))
  let head = Buffer.alloc(0)
  for (let at = 0; at < sizeBytes; at += buffer.length) {
    const piece = buffer.subarray(0, Math.min(buffer.length, sizeBytes - at))
    for await (const _filled of fillPieces(file, key, { into: piece, start: at })) onProgress?.()
    if (at === 0) head = Buffer.from(piece.subarray(0, headBytes))
    hash.update(piece)
  }
  return { sha256: hash.digest('hex'), sizeBytes, head }
}

async function* fillPieces(
  file: FileHandle,
  key: string,
  { into, start }: { into: Buffer; start: number },
): AsyncIterable<number> {
  for (let filled = 0; filled < into.length; ) {
    const wanted = Math.min(PIECE_BYTES, into.length - filled)
    const { bytesRead } = await file.read(into, filled, wanted, start + filled)
    if (bytesRead === 0) {
      throw new ServiceError('CONFLICT', `${JSON.stringify(key)} shrank while it was read.`, {
        code: 'CHANGED_WHILE_READ',
      })
    }
    filled += bytesRead
    yield filled
  }
}
