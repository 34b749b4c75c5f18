import { isOutOfMemory } from '#lib/platform/process-pool/memory-limit.ts'
import { MAX_PIXELS } from './check-dimensions.ts'
import { cmykToRgb, compositeAlpha, largestSamples, rgbToGrey, scaleTo8 } from './convert-colour.ts'
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

/** Of an image of 16 bits a sample: how many of them were taken for its range, and the brightest level in it. */
export type DepthUse = { bits: number; brightest: number }

export type DecodedImage = Raster & { depth: DepthUse | null }

/** JPEG or PNG bytes to 8-bit pixels under the product's decode policy. Throws `ImageRefused`. */
export async function decodeImage(bytes: Uint8Array, policy: DecodePolicy): Promise<DecodedImage> {
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
  const upright = policy.exifOrientation === 'apply' ? orientRaster(raster, structure.orientation) : raster
  return { ...upright, depth: samples.depth }
}

type Samples = { data: Uint8Array; bands: number; depth: DepthUse | null }

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
  if (structure.bitDepth === 8) return { data, bands: info.channels, depth: null }
  return scaleWide(structure, new Uint16Array(data.buffer, data.byteOffset, data.length / 2), info.channels)
}

const WIDE_BITS = 16

/**
 * A file may state that its source had fewer bits than 16 (sBIT). Some programs then spread them over the 16, as the
 * standard asks, and some leave them as they are: these are known by samples none of which needs more bits.
 */
function scaleWide({ significantBits, alpha }: ImageStructure, wide: Uint16Array, bands: number): Samples {
  const largest = largestSamples(wide, bands, alpha)
  const used = (stated: number, largestOfBand: number) => (largestOfBand < 2 ** stated ? stated : WIDE_BITS)
  const bits = {
    colours: used(significantBits.colours, largest.colours),
    alpha: used(significantBits.alpha, largest.alpha),
  }
  const data = scaleTo8(wide, bands, alpha ? bits : { colours: bits.colours, alpha: bits.colours })
  return { data, bands, depth: { bits: bits.colours, brightest: largest.colours } }
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
