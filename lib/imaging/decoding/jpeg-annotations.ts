import type { JpegSegment } from './jpeg-segments.ts'
import { type Annotations, EXIF_PREFIX } from './read-orientation.ts'

const APP1 = 0xe1
const XMP = Buffer.from('http://ns.adobe.com/xap/1.0/\0', 'latin1')

/** The EXIF of a JPEG, which may go on from segment to segment, and its last XMP; as in Pillow. */
export function jpegAnnotations(segments: readonly JpegSegment[]): Annotations {
  const bodies = segments.filter(({ marker }) => marker === APP1).map(({ body }) => body)
  const exif = bodies.filter((body) => startsWith(body, EXIF_PREFIX))
  const xmp = bodies.findLast((body) => startsWith(body, XMP))
  return {
    exif:
      exif.length === 0
        ? null
        : Buffer.concat([EXIF_PREFIX, ...exif.map((body) => body.subarray(EXIF_PREFIX.length))]),
    xmp: xmp?.subarray(XMP.length) ?? null,
  }
}

function startsWith(body: Buffer, start: Buffer): boolean {
  return body.subarray(0, start.length).equals(start)
}
