import { once } from 'node:events'
import { createDeflate } from 'node:zlib'
import { PNG_SIGNATURE } from '#lib/imaging/decoding/png-chunks.ts'
import { pngChunk } from './hostile-images.ts'

const SIDE = 7070
const RGB_ALPHA = 6

/**
 * A PNG of 7070 × 7070 pixels in colour with alpha at 16 bit: as large as an image may be, 400 MB of pixels in a file of
 * half a megabyte. All pixels are of the grey `level` and opaque.
 */
export async function largestPng(level: number): Promise<Buffer> {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(SIDE, 0)
  header.writeUInt32BE(SIDE, 4)
  header.set([16, RGB_ALPHA, 0, 0, 0], 8)
  const pixel = Buffer.of(level, level, level, level, level, level, 255, 255)
  const row = Buffer.concat([Buffer.alloc(1), Buffer.alloc(SIDE * pixel.length, pixel)])
  const deflate = createDeflate({ level: 1 })
  const compressed: Buffer[] = []
  deflate.on('data', (part: Buffer) => compressed.push(part))
  for (let y = 0; y < SIDE; y++) if (!deflate.write(row)) await once(deflate, 'drain')
  deflate.end()
  await once(deflate, 'end')
  return Buffer.concat([
    PNG_SIGNATURE,
    pngChunk('IHDR', header),
    pngChunk('IDAT', Buffer.concat(compressed)),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}
