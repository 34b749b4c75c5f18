import { checkDimensions } from './check-dimensions.ts'
import { ImageRefused } from './image-refused.ts'
import type { ImageStructure } from './image-structure.ts'
import { jpegAnnotations } from './jpeg-annotations.ts'
import {
  EOI,
  isFrame,
  type JpegFrame,
  type JpegSegment,
  jpegSegments,
  readFrame,
  SOI,
  SOS,
} from './jpeg-segments.ts'
import { readOrientation } from './read-orientation.ts'

const [APP0, APP14, APP15, COM] = [0xe0, 0xee, 0xef, 0xfe]
/** Huffman coding (baseline, extended, progressive), lossless, and arithmetic coding (sequential, progressive). */
const DECODED_FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc9, 0xca])
/** Lossless with arithmetic coding; the others that are not decoded are hierarchical. */
const SOF11 = 0xcb

const JFIF_BYTES = 14
/**
 * Stands for every JFIF header. That there is one decides the colour space; a revision that the decoder has not heard
 * of would make it refuse a sound picture.
 */
const JFIF_SEGMENT = Buffer.concat([
  Uint8Array.of(0xff, APP0, 0, JFIF_BYTES + 2),
  Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1'),
])

/**
 * Walks the segments to the first end marker; what follows it is ignored. Only what the decoder needs is kept:
 * APP0 and APP14 decide the colour space, the other application segments (EXIF, profiles, thumbnails) are dropped.
 */
export function readJpeg(file: Buffer): ImageStructure {
  let frame: JpegFrame | undefined
  const segments: JpegSegment[] = []
  for (const segment of jpegSegments(file)) {
    if (isFrame(segment.marker)) frame = readCheckedFrame(segment)
    segments.push(segment)
  }
  const scan = segments.pop()
  if (frame === undefined || scan === undefined)
    throw new ImageRefused('CORRUPT_IMAGE', 'the JPEG has no frame before its pixels')
  return {
    format: 'jpeg',
    width: frame.width,
    height: frame.height,
    colour: frame.components === 1 ? 'grey' : frame.components === 3 ? 'rgb' : 'cmyk',
    bitDepth: 8,
    significantBits: { colours: 8, alpha: 8 },
    alpha: false,
    orientation: readOrientation(jpegAnnotations(segments)),
    pixelsOnly: Buffer.concat([
      Uint8Array.of(0xff, SOI),
      ...segments.flatMap((segment) => keep(file, segment)),
      file.subarray(scan.start, scan.marker === SOS ? findEnd(file, scan.end) : scan.end),
    ]),
  }
}

function readCheckedFrame({ marker, body }: JpegSegment): JpegFrame {
  if (!DECODED_FRAMES.has(marker)) {
    const kind = marker === SOF11 ? 'lossless JPEG with arithmetic coding' : 'hierarchical JPEG'
    throw new ImageRefused(
      'UNSUPPORTED_IMAGE',
      `it is a ${kind} (SOF${marker - 0xc0}), which is not read here`,
    )
  }
  const frame = readFrame(body)
  if (frame === null) throw new ImageRefused('CORRUPT_IMAGE', 'the JPEG frame has a wrong length')
  if (frame.bitDepth !== 8)
    throw new ImageRefused(
      'UNSUPPORTED_IMAGE',
      `it is a JPEG of ${frame.bitDepth} bits a sample; only 8 are read`,
    )
  if (![1, 3, 4].includes(frame.components))
    throw new ImageRefused(
      'UNSUPPORTED_IMAGE',
      `it is a JPEG of ${frame.components} components, not 1, 3 or 4`,
    )
  checkDimensions(frame.width, frame.height)
  return frame
}

function keep(file: Buffer, { marker, body, start, end }: JpegSegment): Uint8Array[] {
  if (marker === APP0 && isJfif(body)) return [JFIF_SEGMENT]
  return isDropped(marker) ? [] : [file.subarray(start, end)]
}

/** Behind the end marker. In coded data every 0xff is followed by 0x00 or a restart marker. */
function findEnd(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at !== -1; at = file.indexOf(0xff, at + 1))
    if (file[at + 1] === EOI) return at + 2
  throw new ImageRefused('TRUNCATED_IMAGE', 'the JPEG has no end marker')
}

/** As the decoder recognises it: name, revision, density and thumbnail size. */
function isJfif(body: Buffer): boolean {
  return body.length >= JFIF_BYTES && body.toString('latin1', 0, 5) === 'JFIF\0'
}

function isDropped(marker: number): boolean {
  return marker === COM || (marker > APP0 && marker <= APP15 && marker !== APP14)
}
