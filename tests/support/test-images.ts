import { crc32, deflateSync } from 'node:zlib'

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(content.length)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

/** A valid greyscale PNG of one shade; `note` makes its bytes differ from another of the same shade. */
export function makePng(
  options: { width?: number; height?: number; shade?: number; note?: string } = {},
): Buffer {
  const { width = 2, height = 2, shade = 0, note = '' } = options
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const rows = Buffer.alloc((width + 1) * height, shade)
  for (let row = 0; row < height; row += 1) rows[row * (width + 1)] = 0
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...(note === '' ? [] : [chunk('tEXt', Buffer.from(`Comment\0${note}`, 'utf8'))]),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** The head of a JPEG up to its frame: enough for its size, not for its pixels. */
export function makeJpegHead(
  options: { width?: number; height?: number; channels?: number; metadataBytes?: number } = {},
): Buffer {
  const { width = 3, height = 2, channels = 1, metadataBytes = 0 } = options
  const segments: Buffer[] = [Buffer.from([0xff, 0xd8])]
  for (let left = metadataBytes; left > 0; left -= 65_533) {
    const length = Math.min(left, 65_533)
    segments.push(
      Buffer.from([0xff, 0xe1, (length + 2) >> 8, (length + 2) & 0xff]),
      Buffer.alloc(length, 0xff),
    )
  }
  const components = Array.from({ length: channels }, (_, index) => [index + 1, 0x11, 0]).flat()
  const size = [height >> 8, height & 0xff, width >> 8, width & 0xff]
  segments.push(Buffer.from([0xff, 0xc0, 0, 8 + 3 * channels, 8, ...size, channels, ...components]))
  return Buffer.concat(segments)
}
