import { checkDimensions } from './check-dimensions.ts'
import { ImageRefused } from './image-refused.ts'
import type { ImageStructure } from './image-structure.ts'
import { readExifOrientation } from './read-exif-orientation.ts'

const [SOI, EOI, SOS] = [0xd8, 0xd9, 0xda]
const [APP0, APP1, APP14, APP15, COM] = [0xe0, 0xe1, 0xee, 0xef, 0xfe]
const [TEM, RST0, RST7] = [0x01, 0xd0, 0xd7]
/** Baseline, extended and progressive Huffman coding; 0xc4, 0xc8 and 0xcc are no frames at all. */
const FRAMES = new Set([0xc0, 0xc1, 0xc2])
const OTHER_FRAMES = new Set([0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf])

const JFIF_BYTES = 14
/**
 * Stands for every JFIF header. That there is one decides the colour space; a revision that the decoder has not heard
 * of would make it refuse a sound picture.
 */
const JFIF_SEGMENT = Buffer.concat([
  Uint8Array.of(0xff, APP0, 0, JFIF_BYTES + 2),
  Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1'),
])

type Frame = { width: number; height: number; components: number }

/**
 * Walks the segments to the first end marker; what follows it is ignored. Only what the decoder needs is kept:
 * APP0 and APP14 decide the colour space, the other application segments (EXIF, profiles, thumbnails) are dropped.
 */
export function readJpeg(file: Buffer): ImageStructure {
  let frame: Frame | undefined
  let orientation = 1
  let exifSeen = false
  const kept: Uint8Array[] = [Uint8Array.of(0xff, SOI)]
  let offset = 2
  for (;;) {
    const marker = findMarker(file, offset)
    if (marker.code === EOI || marker.code === SOS) {
      if (frame === undefined)
        throw new ImageRefused('CORRUPT_IMAGE', 'the JPEG has no frame before its pixels')
      kept.push(file.subarray(marker.start, findEnd(file, marker.start)))
      break
    }
    if (isStandalone(marker.code)) {
      offset = marker.start + 2
      continue
    }
    const end = segmentEnd(file, marker.start)
    const body = file.subarray(marker.start + 4, end)
    if (FRAMES.has(marker.code)) frame = readFrame(body)
    if (OTHER_FRAMES.has(marker.code))
      throw new ImageRefused('UNSUPPORTED_IMAGE', 'the JPEG is lossless, arithmetic or hierarchical')
    if (marker.code === APP1 && !exifSeen && body.toString('latin1', 0, 6) === 'Exif\0\0') {
      exifSeen = true
      orientation = readExifOrientation(body.subarray(6))
    }
    if (marker.code === APP0 && isJfif(body)) kept.push(JFIF_SEGMENT)
    else if (!isDropped(marker.code)) kept.push(file.subarray(marker.start, end))
    offset = end
  }
  return {
    format: 'jpeg',
    width: frame.width,
    height: frame.height,
    colour: frame.components === 1 ? 'grey' : frame.components === 3 ? 'rgb' : 'cmyk',
    bitDepth: 8,
    alpha: false,
    orientation,
    pixelsOnly: Buffer.concat(kept),
  }
}

/** A marker stands at `offset`, after any number of fill bytes 0xff. */
function findMarker(file: Buffer, offset: number): { code: number; start: number } {
  let start = offset
  while (file[start] === 0xff && file[start + 1] === 0xff) start++
  const code = file[start + 1]
  if (code === undefined) throw new ImageRefused('TRUNCATED_IMAGE', 'the JPEG ends before its pixels')
  if (file[start] !== 0xff)
    throw new ImageRefused('CORRUPT_IMAGE', 'the JPEG has bytes where a marker must stand')
  return { code, start }
}

function segmentEnd(file: Buffer, start: number): number {
  if (start + 4 > file.length) throw new ImageRefused('TRUNCATED_IMAGE', 'the JPEG ends before its pixels')
  const length = file.readUInt16BE(start + 2)
  if (length < 2) throw new ImageRefused('CORRUPT_IMAGE', 'a segment of the JPEG has no length')
  if (start + 2 + length > file.length)
    throw new ImageRefused('TRUNCATED_IMAGE', 'the JPEG ends inside a segment')
  return start + 2 + length
}

/** Behind the end marker. In coded data every 0xff is followed by 0x00 or a restart marker. */
function findEnd(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at !== -1; at = file.indexOf(0xff, at + 1))
    if (file[at + 1] === EOI) return at + 2
  throw new ImageRefused('TRUNCATED_IMAGE', 'the JPEG has no end marker')
}

function readFrame(body: Buffer): Frame {
  if (body.length < 6) throw new ImageRefused('CORRUPT_IMAGE', 'the JPEG frame is too short')
  const frame = {
    height: body.readUInt16BE(1),
    width: body.readUInt16BE(3),
    components: body.readUInt8(5),
  }
  if (body.readUInt8(0) !== 8) throw new ImageRefused('UNSUPPORTED_IMAGE', 'the JPEG has not 8 bits a sample')
  if (![1, 3, 4].includes(frame.components))
    throw new ImageRefused('UNSUPPORTED_IMAGE', `the JPEG has ${frame.components} components`)
  checkDimensions(frame.width, frame.height)
  return frame
}

/** As the decoder recognises it: name, revision, density and thumbnail size. */
function isJfif(body: Buffer): boolean {
  return body.length >= JFIF_BYTES && body.toString('latin1', 0, 5) === 'JFIF\0'
}

function isStandalone(code: number): boolean {
  return code === TEM || (code >= RST0 && code <= RST7)
}

function isDropped(code: number): boolean {
  return code === COM || (code > APP0 && code <= APP15 && code !== APP14)
}
