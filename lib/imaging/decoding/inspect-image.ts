import { detectFormat } from './image-header.ts'
import { ImageRefused } from './image-refused.ts'
import type { ImageStructure } from './image-structure.ts'
import { readJpeg } from './read-jpeg.ts'
import { readPng } from './read-png.ts'

/** The image's structure, by its first bytes alone: a file's name has no say. Throws `ImageRefused`. */
export function inspectImage(bytes: Uint8Array): ImageStructure {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (file.length === 0) throw new ImageRefused('EMPTY_FILE', 'the file has no bytes')
  const format = detectFormat(file)
  if (format !== null) return format === 'jpeg' ? readJpeg(file) : readPng(file)
  if (isAnimation(file)) throw new ImageRefused('ANIMATED_NOT_SUPPORTED', 'animated images are not supported')
  throw new ImageRefused('UNSUPPORTED_IMAGE', 'the first bytes are neither JPEG nor PNG')
}

/** GIF, and WebP with its animation flag: refused like every other format, but by a name that helps. */
function isAnimation(file: Buffer): boolean {
  const start = file.toString('latin1', 0, 16)
  if (start.startsWith('GIF87a') || start.startsWith('GIF89a')) return true
  return start.startsWith('RIFF') && start.slice(8) === 'WEBPVP8X' && ((file[20] ?? 0) & 0x02) !== 0
}
