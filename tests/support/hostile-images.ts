import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'

/** Bytes that are no picture, or one that must cost nothing, by what is wrong with them. */

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')

export function pngChunk(type: string, body: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + body.length)
  chunk.writeUInt32BE(body.length)
  chunk.write(type, 4, 'latin1')
  chunk.set(body, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + body.length)), 8 + body.length)
  return chunk
}

/** An 8-bit grey PNG whose header says what it likes; `rows` are its filtered rows. */
export function greyPng(width: number, height: number, rows: Uint8Array, extra: Buffer[] = []): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const [ihdr, idat, iend] = [
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]
  return Buffer.concat([SIGNATURE, ihdr, ...extra, idat, iend])
}

/** A PNG of one grey level. */
export function plainPng(width: number, height: number, level = 51, extra: Buffer[] = []): Buffer {
  const rows = Buffer.alloc((width + 1) * height, level)
  for (let y = 0; y < height; y++) rows[y * (width + 1)] = 0
  return greyPng(width, height, rows, extra)
}

/** A picture with some detail as JPEG. */
export function pictureJpeg(side = 256, options: { progressive?: boolean } = {}): Promise<Buffer> {
  const pixels = Uint8Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)]
    return (x * 3 + y * 5 + ((i * i) % 31)) & 255
  })
  return sharp(pixels, { raw: { width: side, height: side, channels: 1 } })
    .toColourspace('b-w')
    .jpeg({ quality: 90, ...options })
    .toBuffer()
}

export function flipByte(bytes: Buffer, at: number): Buffer {
  const flipped = Buffer.from(bytes)
  flipped[at] = (flipped[at] as number) ^ 0xff
  return flipped
}

/** 64 MB of text that a decoder would unpack from a few kilobytes. */
export function textBombPng(): Buffer {
  const text = Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(64 * 2 ** 20, 'a'))])
  return plainPng(64, 64, 51, [pngChunk('zTXt', text)])
}

export function manyChunksPng(): Buffer {
  return plainPng(
    64,
    64,
    51,
    Array.from({ length: 1000 }, () => pngChunk('tEXt', Buffer.from('Patient\0CANARY'))),
  )
}

/**
 * Every scan of a progressive JPEG goes over the whole image again; the last one is repeated `scans` times. The image
 * is of one level, so that a scan takes a few bytes.
 */
export async function manyScansJpeg(side: number, scans: number): Promise<Buffer> {
  const jpeg = await sharp(Buffer.alloc(side * side, 90), { raw: { width: side, height: side, channels: 1 } })
    .toColourspace('b-w')
    .jpeg({ progressive: true })
    .toBuffer()
  const last = jpeg.lastIndexOf(Buffer.from([0xff, 0xda]))
  const scan = jpeg.subarray(last, jpeg.length - 2)
  return Buffer.concat([
    jpeg.subarray(0, last),
    ...Array.from({ length: scans }, () => scan),
    jpeg.subarray(-2),
  ])
}

/** A greyscale JPEG with text between its start and its pixels, where cameras and stations write names. */
export function withJpegComment(jpeg: Buffer, text: string): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(text.length + 2)
  const comment = Buffer.concat([Buffer.of(0xff, 0xfe), length, Buffer.from(text, 'latin1')])
  return Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)])
}

/** A preamble of 128 bytes and a group of elements, explicit little endian; `rows` × `columns` of 16 bit. */
export function dicom(rows: number, columns: number): Buffer {
  const element = (group: number, tag: number, value: number) => {
    const bytes = Buffer.alloc(10)
    bytes.writeUInt16LE(group, 0)
    bytes.writeUInt16LE(tag, 2)
    bytes.write('US', 4, 'latin1')
    bytes.writeUInt16LE(2, 6)
    bytes.writeUInt16LE(value, 8)
    return bytes
  }
  const magic = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')])
  return Buffer.concat([magic, element(0x28, 0x10, rows), element(0x28, 0x11, columns), Buffer.alloc(1000)])
}

export const SVG = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="16000" height="16000"><image href="file:///etc/passwd"/></svg>',
)
export const GIF = Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00\x00;', 'latin1')
export const TIFF = Buffer.from('II*\0\x08\0\0\0\0\0', 'latin1')
export const HEIC = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')
/** The start of a WebP with alpha and animation flags set as given. */
export const extendedWebp = (flags: number) =>
  Buffer.concat([
    Buffer.from('RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0', 'latin1'),
    Buffer.of(flags),
    Buffer.alloc(43),
  ])
export const LOSSLESS_WEBP = Buffer.from('RIFF\x40\0\0\0WEBPVP8L\x20\0\0\0\x2f', 'latin1')
export const AVIF = Buffer.from('\0\0\0\x1cftypavif\0\0\0\0mif1avif', 'latin1')
export const JPEG_XL = Buffer.from('\0\0\0\x0cJXL \r\n\x87\n', 'latin1')
export const ZIP = Buffer.from('PK\x03\x04\x14\0\0\0', 'latin1')
export const PDF = Buffer.from('%PDF-1.7\n')
export const HTML = Buffer.from('<!doctype html><script>alert(1)</script>')
export const TAR = Buffer.concat([Buffer.alloc(257), Buffer.from('ustar\x0000'), Buffer.alloc(248)])
export const GZIP = Buffer.from('1f8b08000000000000ff', 'hex')
