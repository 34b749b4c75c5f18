import { ImageRefused } from './image-refused.ts'
import { isFrame, jpegSegments, readFrame } from './jpeg-segments.ts'
import { isAnimatedPng, PNG_SIGNATURE, type PngChunk, pngChunks, readPngHeader } from './png-chunks.ts'

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

const JPEG_START = Uint8Array.of(0xff, 0xd8, 0xff)
/** PNG's own limit. */
const MAX_SIDE = 2 ** 31 - 1

/** By the first bytes: a file's name has no say. */
export function detectFormat(file: Buffer): ImageHeader['format'] | null {
  if (file.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)) return 'png'
  return file.subarray(0, JPEG_START.length).equals(JPEG_START) ? 'jpeg' : null
}

/**
 * What an image's first bytes say about it; no pixel is decoded.
 * `bytes` is the file or its start: a JPEG's size may stand behind megabytes of metadata.
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader | HeaderFault {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const format = detectFormat(start)
  if (format === null) return 'NOT_AN_IMAGE'
  const header = ignoreCut(() => (format === 'png' ? readPngStart(start) : readJpegStart(start)))
  if (header === null || header.channels === 0) return 'CORRUPT_HEADER'
  const isSize = [header.width, header.height].every((side) => side > 0 && side <= MAX_SIDE)
  return isSize ? header : 'CORRUPT_HEADER'
}

/** The readers below throw where the bytes end; what they know by then is returned from inside. */
function ignoreCut<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof ImageRefused) return null
    throw error
  }
}

function readPngStart(png: Buffer): ImageHeader | null {
  const [first] = pngChunks(png)
  if (first === undefined) return null
  const { width, height, bitDepth, channels } = readPngHeader(first)
  const beforePixels: PngChunk[] = []
  ignoreCut(() => {
    for (const chunk of pngChunks(png)) {
      if (chunk.type === 'IDAT') return
      beforePixels.push(chunk)
    }
  })
  return { format: 'png', width, height, bitDepth, channels, animated: isAnimatedPng(beforePixels) }
}

function readJpegStart(jpeg: Buffer): ImageHeader | null {
  for (const { marker, body } of jpegSegments(jpeg)) {
    if (!isFrame(marker)) continue
    const frame = readFrame(body)
    if (frame === null) return null
    const { width, height, bitDepth, components } = frame
    return { format: 'jpeg', width, height, bitDepth, channels: components, animated: false }
  }
  return null
}
