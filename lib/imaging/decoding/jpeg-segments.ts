import { ImageRefused } from './image-refused.ts'

export const [SOI, EOI, SOS] = [0xd8, 0xd9, 0xda]
const [TEM, RST0, RST7] = [0x01, 0xd0, 0xd7]
const FIRST_MARKER = 0xc0

export type JpegSegment = { marker: number; body: Buffer; start: number; end: number }

/**
 * The segments of a JPEG up to and with the first scan or the end marker. Fill bytes and stray bytes between segments are
 * passed over: writers leave them, and every decoder skips them. Throws `ImageRefused` where the file is cut off or
 * damaged, so that the start of a file can be read as well.
 */
export function* jpegSegments(file: Buffer): Generator<JpegSegment, void> {
  for (let offset = 2; ; ) {
    const { marker, start } = findMarker(file, offset)
    const end = standsAlone(marker) || marker === EOI ? start + 2 : segmentEnd(file, start)
    if (!standsAlone(marker)) yield { marker, body: file.subarray(start + 4, end), start, end }
    if (marker === EOI || marker === SOS) return
    offset = end
  }
}

/** The next 0xff that is followed by a marker's code; 0xff 0x00 is a stray byte as well. */
function findMarker(file: Buffer, offset: number): { marker: number; start: number } {
  for (let start = file.indexOf(0xff, offset); start !== -1; start = file.indexOf(0xff, start + 1)) {
    const marker = file[start + 1]
    if (marker === undefined) break
    if (marker === 0xff || marker === 0) continue
    if (marker === SOI || (marker < FIRST_MARKER && marker !== TEM))
      throw new ImageRefused('CORRUPT_IMAGE', 'the JPEG has bytes where a marker must stand')
    return { marker, start }
  }
  throw new ImageRefused('TRUNCATED_IMAGE', 'the JPEG ends before its pixels')
}

function standsAlone(marker: number): boolean {
  return marker === TEM || (marker >= RST0 && marker <= RST7)
}

function segmentEnd(file: Buffer, start: number): number {
  if (start + 4 > file.length) throw new ImageRefused('TRUNCATED_IMAGE', 'the JPEG ends before its pixels')
  const length = file.readUInt16BE(start + 2)
  if (length < 2) throw new ImageRefused('CORRUPT_IMAGE', 'a segment of the JPEG has no length')
  if (start + 2 + length > file.length)
    throw new ImageRefused('TRUNCATED_IMAGE', 'the JPEG ends inside a segment')
  return start + 2 + length
}

/** Start of frame: C0 to CF without C4 (Huffman tables), C8 (reserved) and CC (arithmetic coding tables). */
export function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

export type JpegFrame = { bitDepth: number; width: number; height: number; components: number }

/** What a start of frame says, or null where it is too short or its length does not fit. */
export function readFrame(body: Buffer): JpegFrame | null {
  if (body.length < 6 || body.length !== 6 + 3 * body.readUInt8(5)) return null
  return {
    bitDepth: body.readUInt8(0),
    height: body.readUInt16BE(1),
    width: body.readUInt16BE(3),
    components: body.readUInt8(5),
  }
}
