import { crc32 } from 'node:zlib'

export type ImageHeader = {
  format: 'jpeg' | 'png'
  width: number
  height: number
  bitDepth: number
  channels: number
  animated: boolean
}

/** `NOT_AN_IMAGE`: neither JPEG nor PNG by its first bytes. `CORRUPT_HEADER`: one of them, without a size. */
export type HeaderFault = 'NOT_AN_IMAGE' | 'CORRUPT_HEADER'

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const JPEG_START = Buffer.from([0xff, 0xd8, 0xff])

/**
 * What an image's first bytes say about it; no pixel is decoded. The name of the file has no say.
 * `bytes` is the file or its start: a JPEG's size may stand behind megabytes of metadata.
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader | HeaderFault {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (start.subarray(0, 8).equals(PNG_SIGNATURE)) return readPngHeader(start) ?? 'CORRUPT_HEADER'
  if (start.subarray(0, 3).equals(JPEG_START)) return readJpegHeader(start) ?? 'CORRUPT_HEADER'
  return 'NOT_AN_IMAGE'
}

/** Colour type → channels and the bit depths that the format allows with it. */
const PNG_COLOURS = new Map([
  [0, { channels: 1, depths: [1, 2, 4, 8, 16] }],
  [2, { channels: 3, depths: [8, 16] }],
  [3, { channels: 3, depths: [1, 2, 4, 8] }],
  [4, { channels: 2, depths: [8, 16] }],
  [6, { channels: 4, depths: [8, 16] }],
])

/** The format's own limit. */
const PNG_MAX_SIDE = 2 ** 31 - 1

function readPngHeader(png: Buffer): ImageHeader | null {
  // Signature 8, chunk length 4, "IHDR" 4, content 13, checksum 4.
  if (png.length < 33 || png.readUInt32BE(8) !== 13 || png.toString('latin1', 12, 16) !== 'IHDR') return null
  if (crc32(png.subarray(12, 29)) !== png.readUInt32BE(29)) return null
  const width = png.readUInt32BE(16)
  const height = png.readUInt32BE(20)
  const bitDepth = png.readUInt8(24)
  const colour = PNG_COLOURS.get(png.readUInt8(25))
  if (colour === undefined || !colour.depths.includes(bitDepth)) return null
  if (width === 0 || height === 0 || width > PNG_MAX_SIDE || height > PNG_MAX_SIDE) return null
  return { format: 'png', width, height, bitDepth, channels: colour.channels, animated: isAnimatedPng(png) }
}

/** An animation announces itself by a chunk before the first pixels. */
function isAnimatedPng(png: Buffer): boolean {
  for (let at = 33; at + 8 <= png.length; at += 12 + png.readUInt32BE(at)) {
    const type = png.toString('latin1', at + 4, at + 8)
    if (type === 'acTL') return true
    if (type === 'IDAT') return false
  }
  return false
}

/** Start of frame: C0 to CF without C4 (Huffman tables), C8 (reserved) and CC (arithmetic coding tables). */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

function readJpegHeader(jpeg: Buffer): ImageHeader | null {
  let at = 2
  while (at + 4 <= jpeg.length) {
    if (jpeg.readUInt8(at) !== 0xff) return null
    const marker = jpeg.readUInt8(at + 1)
    if (marker === 0xff) {
      at += 1 // any number of fill bytes may stand before a marker
      continue
    }
    const standsAlone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)
    if (standsAlone) {
      at += 2
      continue
    }
    if (isStartOfFrame(marker)) return readFrame(jpeg, at)
    // Pixels (DA), the end (D9) or a second start (D8) before any frame.
    if (marker === 0xda || marker === 0xd9 || marker === 0xd8) return null
    const length = jpeg.readUInt16BE(at + 2)
    if (length < 2) return null
    at += 2 + length
  }
  return null
}

function readFrame(jpeg: Buffer, at: number): ImageHeader | null {
  if (at + 10 > jpeg.length) return null
  const length = jpeg.readUInt16BE(at + 2)
  const bitDepth = jpeg.readUInt8(at + 4)
  const height = jpeg.readUInt16BE(at + 5)
  const width = jpeg.readUInt16BE(at + 7)
  const channels = jpeg.readUInt8(at + 9)
  if (width === 0 || height === 0 || channels === 0 || length !== 8 + 3 * channels) return null
  return { format: 'jpeg', width, height, bitDepth, channels, animated: false }
}
