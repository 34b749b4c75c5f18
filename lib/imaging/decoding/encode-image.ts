import { decodeImage } from './decode-image.ts'
import { decoder } from './decoder.ts'
import type { Raster } from './raster.ts'
import { resampleRaster } from './resample-raster.ts'

export type ImageRendering = { bytes: Uint8Array; contentType: 'image/webp' | 'image/png' }

/** What the browser asks for: a small preview, or every pixel. */
export type RenderSize = 'thumbnail' | 'full'

/** Longest side: fills a card of the image list on a screen of double density. */
const THUMBNAIL_SIDE = 160
const THUMBNAIL_LIMIT_BYTES = 10_000
/** The first fits for almost every radiograph; noise needs the later ones. */
const THUMBNAIL_QUALITIES = [75, 50, 25, 5]

/** The pixels as people see them: upright, grey or colour, without metadata. Throws `ImageRefused`. */
export async function encodeImage(bytes: Uint8Array, size: RenderSize): Promise<ImageRendering> {
  const raster = await decodeImage(bytes, { mode: 'RGB', background: 0, exifOrientation: 'apply' })
  return size === 'thumbnail' ? encodeThumbnail(raster) : encodeFull(raster)
}

async function encodeThumbnail(raster: Raster): Promise<ImageRendering> {
  const scale = Math.min(1, THUMBNAIL_SIDE / Math.max(raster.width, raster.height))
  const side = (length: number) => Math.max(1, Math.round(length * scale))
  const small = resampleRaster(raster, side(raster.width), side(raster.height), 'bilinear')
  let encoded = new Uint8Array()
  for (const quality of THUMBNAIL_QUALITIES) {
    encoded = await toDecoder(small).webp({ quality, effort: 4 }).toBuffer()
    if (encoded.length <= THUMBNAIL_LIMIT_BYTES) break
  }
  return { bytes: encoded, contentType: 'image/webp' }
}

/** Lossless: a reviewer must not judge the artefacts of a second compression. */
async function encodeFull(raster: Raster): Promise<ImageRendering> {
  return { bytes: await encodePng(raster), contentType: 'image/png' }
}

export function encodePng(raster: Raster): Promise<Buffer> {
  return toDecoder(raster).png({ compressionLevel: 6 }).toBuffer()
}

function toDecoder({ data, width, height, bands }: Raster) {
  const image = decoder(data, { raw: { width, height, channels: bands } })
  return bands === 1 ? image.toColourspace('b-w') : image
}
