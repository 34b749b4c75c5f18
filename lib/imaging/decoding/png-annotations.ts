import { type PngChunk, readPngText } from './png-chunks.ts'
import { type Annotations, EXIF_PREFIX } from './read-orientation.ts'

const RAW_PROFILE = 'Raw profile type exif'
const XMP = 'XML:com.adobe.xmp'
const KEYS = new Set(['exif', RAW_PROFILE, XMP])
const TEXTS = new Set(['tEXt', 'zTXt', 'iTXt'])

/** The EXIF and XMP of a PNG, in every chunk in which programs have put them. The last of a kind counts, as in Pillow. */
export function pngAnnotations(chunks: readonly PngChunk[]): Annotations {
  let exif: Uint8Array | null = null
  let rawProfile: Uint8Array | null = null
  let xmp: Uint8Array | null = null
  for (const chunk of chunks) {
    if (chunk.type === 'eXIf') exif = Buffer.concat([EXIF_PREFIX, chunk.body])
    const found = TEXTS.has(chunk.type) ? readPngText(chunk, KEYS) : null
    if (found?.key === 'exif' && chunk.type === 'tEXt') exif = found.text
    if (found?.key === RAW_PROFILE) rawProfile = fromHex(found.text)
    if (found?.key === XMP) xmp = found.text
  }
  return { exif: exif ?? rawProfile, xmp }
}

/** No TIFF block begins so: damaged, which is not the same as absent. */
const NO_EXIF = Uint8Array.of(0)

/** ImageMagick's spelling: a line break, the profile's name, its length, and the bytes as hexadecimal digits in lines. */
function fromHex(text: Uint8Array): Uint8Array {
  const [, , , ...lines] = Buffer.from(text).toString('latin1').split('\n')
  const digits = lines.join('').replaceAll(/\s/g, '')
  return /^([0-9a-f]{2})*$/i.test(digits) ? Buffer.from(digits, 'hex') : NO_EXIF
}
