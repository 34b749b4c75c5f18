import { isOutOfMemory } from '#lib/platform/process-pool/memory-limit.ts'
import { MAX_PIXELS } from './check-dimensions.ts'
import { cmykToRgb, compositeAlpha, rgbToGrey, scale16To8 } from './convert-colour.ts'
import { decoder } from './decoder.ts'
import { ImageRefused } from './image-refused.ts'
import type { ImageStructure } from './image-structure.ts'
import { inspectImage } from './inspect-image.ts'
import { orientRaster } from './orient-raster.ts'
import type { Raster } from './raster.ts'

export type DecodePolicy = {
  /** `L` is grey in one band. With `RGB` a grey file stays in one band: its three would be equal. */
  mode: 'L' | 'RGB'
  /** Grey level that shows through transparent pixels. */
  background: number
  exifOrientation: 'ignore' | 'apply'
}

/** JPEG or PNG bytes to 8-bit pixels under the product's decode policy. Throws `ImageRefused`. */
export async function decodeImage(bytes: Uint8Array, policy: DecodePolicy): Promise<Raster> {
  const structure = inspectImage(bytes)
  const samples = await decodeSamples(structure)
  const { data, bands } = toGreyOrRgb(structure, samples, policy.background)
  const grey = policy.mode === 'L' && bands === 3
  const raster: Raster = {
    width: structure.width,
    height: structure.height,
    bands: grey ? 1 : bands,
    data: grey ? rgbToGrey(data) : data,
  }
  return policy.exifOrientation === 'apply' ? orientRaster(raster, structure.orientation) : raster
}

type Samples = { data: Uint8Array; bands: number }

/** The file's own samples at 8 bit, alpha and inks included; no colour management on the way. */
async function decodeSamples(structure: ImageStructure): Promise<Samples> {
  const space = colourSpace(structure)
  const image = decoder(structure.pixelsOnly, {
    failOn: 'warning',
    limitInputPixels: MAX_PIXELS,
    ignoreIcc: true,
    sequentialRead: true,
  })
  if (space === 'cmyk') image.pipelineColourspace('cmyk')
  const { data, info } = await image
    .toColourspace(space)
    .raw({ depth: structure.bitDepth === 16 ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: Error) => {
      if (isOutOfMemory(error)) throw error
      throw new ImageRefused('CORRUPT_IMAGE', `the decoder gives up: ${error.message}`)
    })
  if (info.width !== structure.width || info.height !== structure.height)
    throw new ImageRefused('CORRUPT_IMAGE', 'the decoder and the header disagree about the size')
  if (structure.bitDepth === 8) return { data, bands: info.channels }
  const wide = new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
  return { data: scale16To8(wide), bands: info.channels }
}

/** The space in which the decoder hands out the file's samples unchanged (grey with alpha: thrice the grey). */
function colourSpace({ colour, bitDepth, alpha }: ImageStructure): string {
  if (colour === 'cmyk') return 'cmyk'
  if (bitDepth === 16) return colour === 'grey' ? 'grey16' : 'rgb16'
  return colour === 'grey' && !alpha ? 'b-w' : 'srgb'
}

function toGreyOrRgb(
  structure: ImageStructure,
  { data, bands }: Samples,
  background: number,
): { data: Uint8Array; bands: 1 | 3 } {
  if (structure.colour === 'cmyk') return { data: cmykToRgb(data), bands: 3 }
  const levels = structure.alpha ? compositeAlpha(data, bands, background) : data
  const colours = structure.alpha ? bands - 1 : bands
  if (colours !== 1 && colours !== 3)
    throw new ImageRefused('CORRUPT_IMAGE', `the decoder gave ${colours} colours`)
  return { data: levels, bands: colours }
}
