import { crc32 } from 'node:zlib'
import { checkDimensions } from './check-dimensions.ts'
import { ImageRefused } from './image-refused.ts'
import type { ImageStructure } from './image-structure.ts'
import { readExifOrientation } from './read-exif-orientation.ts'

export const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** Length, type and checksum around a chunk's body. */
const CHUNK_OVERHEAD = 12
/** The chunks that pixels depend on. Profiles, gamma and text are ignored by policy, so no decoder sees them. */
const KEPT = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'])
const [GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA] = [0, 2, 3, 4, 6]
const BIT_DEPTHS = new Map<number, readonly number[]>([
  [GREY, [1, 2, 4, 8, 16]],
  [RGB, [8, 16]],
  [PALETTE, [1, 2, 4, 8]],
  [GREY_ALPHA, [8, 16]],
  [RGB_ALPHA, [8, 16]],
])

type Chunk = { type: string; body: Buffer; start: number; end: number }
type Header = { width: number; height: number; bitDepth: number; colourType: number }

/** Checks every chunk up to IEND, checksums included; what follows IEND is ignored, as after a JPEG's end marker. */
export function readPng(file: Buffer): ImageStructure {
  let header: Header | undefined
  let transparency = false
  let orientation = 1
  const kept: Uint8Array[] = [PNG_SIGNATURE]
  for (let offset = PNG_SIGNATURE.length; ; ) {
    const chunk = readChunk(file, offset)
    header ??= readHeader(chunk)
    if (chunk.type === 'acTL') throw new ImageRefused('ANIMATED_NOT_SUPPORTED', 'the PNG is an animation')
    if (chunk.type === 'tRNS') transparency = true
    if (chunk.type === 'eXIf') orientation = readExifOrientation(chunk.body)
    if (KEPT.has(chunk.type)) kept.push(file.subarray(chunk.start, chunk.end))
    else if (isCritical(chunk.type))
      throw new ImageRefused('CORRUPT_IMAGE', 'the PNG has a critical chunk that no standard names')
    if (chunk.type === 'IEND') break
    offset = chunk.end
  }
  const { width, height, bitDepth, colourType } = header
  return {
    format: 'png',
    width,
    height,
    colour: colourType === GREY || colourType === GREY_ALPHA ? 'grey' : 'rgb',
    bitDepth: bitDepth === 16 ? 16 : 8,
    alpha: transparency || colourType === GREY_ALPHA || colourType === RGB_ALPHA,
    orientation,
    pixelsOnly: Buffer.concat(kept),
  }
}

function readChunk(file: Buffer, start: number): Chunk {
  if (start + CHUNK_OVERHEAD > file.length)
    throw new ImageRefused('TRUNCATED_IMAGE', 'the PNG ends before its IEND chunk')
  const end = start + CHUNK_OVERHEAD + file.readUInt32BE(start)
  const type = file.toString('latin1', start + 4, start + 8)
  if (end > file.length) throw new ImageRefused('TRUNCATED_IMAGE', 'the PNG ends inside a chunk')
  if (crc32(file.subarray(start + 4, end - 4)) !== file.readUInt32BE(end - 4))
    throw new ImageRefused('CORRUPT_IMAGE', 'the checksum of a PNG chunk is wrong')
  return { type, body: file.subarray(start + 8, end - 4), start, end }
}

function readHeader({ type, body }: Chunk): Header {
  if (type !== 'IHDR' || body.length !== 13)
    throw new ImageRefused('CORRUPT_IMAGE', 'the PNG does not start with its header')
  const header = {
    width: body.readUInt32BE(0),
    height: body.readUInt32BE(4),
    bitDepth: body.readUInt8(8),
    colourType: body.readUInt8(9),
  }
  if (!BIT_DEPTHS.get(header.colourType)?.includes(header.bitDepth))
    throw new ImageRefused('CORRUPT_IMAGE', 'the PNG header names no known kind of pixel')
  checkDimensions(header.width, header.height)
  return header
}

/** An upper-case first letter marks a chunk without which the image cannot be shown. */
function isCritical(type: string): boolean {
  return (type.charCodeAt(0) & 0x20) === 0
}
