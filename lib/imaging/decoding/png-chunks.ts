import { constants, crc32, inflateSync } from 'node:zlib'
import { ImageRefused } from './image-refused.ts'

export const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** Length, type and checksum around a chunk's body. */
const CHUNK_OVERHEAD = 12

export type PngChunk = { type: string; body: Buffer; start: number; end: number }

/**
 * The chunks of a PNG up to and with IEND, each with a right checksum; what follows is ignored, as after a JPEG's end
 * marker. Throws `ImageRefused` at the first that is cut off or damaged, so that the start of a file can be read as well.
 */
export function* pngChunks(file: Buffer): Generator<PngChunk, void> {
  for (let offset = PNG_SIGNATURE.length; ; ) {
    const chunk = readChunk(file, offset)
    yield chunk
    if (chunk.type === 'IEND') return
    offset = chunk.end
  }
}

function readChunk(file: Buffer, start: number): PngChunk {
  if (start + CHUNK_OVERHEAD > file.length)
    throw new ImageRefused('TRUNCATED_IMAGE', 'the PNG ends before its IEND chunk')
  const end = start + CHUNK_OVERHEAD + file.readUInt32BE(start)
  const type = file.toString('latin1', start + 4, start + 8)
  if (end > file.length) throw new ImageRefused('TRUNCATED_IMAGE', 'the PNG ends inside a chunk')
  if (crc32(file.subarray(start + 4, end - 4)) !== file.readUInt32BE(end - 4))
    throw new ImageRefused('CORRUPT_IMAGE', 'the checksum of a PNG chunk is wrong')
  return { type, body: file.subarray(start + 8, end - 4), start, end }
}

export const [GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA] = [0, 2, 3, 4, 6]

/** Colour type → colours and alpha of a pixel, and the bit depths that the format allows with it. */
const COLOUR_TYPES = new Map<number, { channels: number; depths: readonly number[] }>([
  [GREY, { channels: 1, depths: [1, 2, 4, 8, 16] }],
  [RGB, { channels: 3, depths: [8, 16] }],
  [PALETTE, { channels: 3, depths: [1, 2, 4, 8] }],
  [GREY_ALPHA, { channels: 2, depths: [8, 16] }],
  [RGB_ALPHA, { channels: 4, depths: [8, 16] }],
])

export type PngHeader = {
  width: number
  height: number
  bitDepth: number
  colourType: number
  channels: number
}

/** The first chunk, which states the size and the kind of pixel. */
export function readPngHeader({ type, body }: PngChunk): PngHeader {
  if (type !== 'IHDR' || body.length !== 13)
    throw new ImageRefused('CORRUPT_IMAGE', 'the PNG does not start with its header')
  const [bitDepth, colourType] = [body.readUInt8(8), body.readUInt8(9)]
  const kind = COLOUR_TYPES.get(colourType)
  if (!kind?.depths.includes(bitDepth))
    throw new ImageRefused('CORRUPT_IMAGE', 'the PNG header names no known kind of pixel')
  const [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)]
  return { width, height, bitDepth, colourType, channels: kind.channels }
}

/**
 * Whether a PNG has more than one picture, by the chunks before its pixels. An animation whose one frame is the picture
 * itself is none; one that announces no number of frames that can be is none either, as in Pillow.
 */
export function isAnimatedPng(beforePixels: readonly PngChunk[]): boolean {
  const [control, ...others] = beforePixels.filter(({ type }) => type === 'acTL')
  if (control === undefined || others.length > 0 || control.body.length < 8) return false
  const frames = control.body.readUInt32BE(0)
  if (frames === 0 || frames > 2 ** 31) return false
  return frames > 1 || !beforePixels.some(({ type }) => type === 'fcTL')
}

/** Pillow unpacks no more of a text either, and takes one that is cut off as far as it goes. */
const UNPACKING = { maxOutputLength: 2 ** 20, finishFlush: constants.Z_SYNC_FLUSH }

/** The text of a tEXt, zTXt or iTXt chunk under one of the keys, unpacked; null where it is damaged or too long. */
export function readPngText({ type, body }: PngChunk, keys: ReadonlySet<string>) {
  const key = body.toString('latin1', 0, Math.max(0, body.indexOf(0)))
  if (!keys.has(key)) return null
  const text = packedText(type, body.subarray(key.length + 1))
  if (text === null) return null
  try {
    return {
      key,
      text: text.packed ? inflateSync(text.bytes, UNPACKING) : text.bytes,
    }
  } catch {
    return null
  }
}

function packedText(type: string, rest: Buffer): { bytes: Buffer; packed: boolean } | null {
  if (type === 'tEXt') return { bytes: rest, packed: false }
  if (type === 'zTXt') return rest[0] === 0 ? { bytes: rest.subarray(1), packed: true } : null
  // iTXt: whether it is packed, how, a language and a translated key, each of these two ended by a zero.
  const language = rest.indexOf(0, 2)
  const translated = language === -1 ? -1 : rest.indexOf(0, language + 1)
  if (translated === -1) return null
  const packed = rest[0] !== 0
  return packed && rest[1] !== 0 ? null : { bytes: rest.subarray(translated + 1), packed }
}
