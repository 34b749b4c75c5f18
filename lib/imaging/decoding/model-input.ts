import type { ModelCard } from '#lib/vocabulary/model-card.ts'
import { type DepthUse, decodeImage } from './decode-image.ts'
import { encodePng } from './encode-image.ts'
import type { ImageStructure } from './image-structure.ts'
import { inspectImage } from './inspect-image.ts'
import type { Raster } from './raster.ts'
import { resampleRaster } from './resample-raster.ts'

/** What of a model card decides which pixels the model gets. */
export type ModelInputPolicy = Pick<ModelCard, 'input' | 'preprocessing'>

export type ModelInputRendering = {
  /** The pixels at the model's input size, before they are normalised. */
  png: Uint8Array
  /** Of the image itself, as it lies in the file. */
  image: { width: number; height: number; format: ImageStructure['format'] }
  /** What was done to the image that may surprise the reader of the prediction. */
  warnings: string[]
}

/** A shape that is off by more than this makes a round lung visibly oval. */
const STRETCH_LIMIT = 1.25

/** An image as the model sees it, and what that took. Throws `ImageRefused`. */
export async function renderModelInput(
  bytes: Uint8Array,
  { input, preprocessing }: ModelInputPolicy,
): Promise<ModelInputRendering> {
  const structure = inspectImage(bytes)
  const raster = await decodeImage(bytes, preprocessing)
  const resized = resampleRaster(raster, input.width, input.height, preprocessing.resample)
  return {
    png: await encodePng(resized),
    image: { width: structure.width, height: structure.height, format: structure.format },
    warnings: [
      ...describeFile(structure, preprocessing),
      ...describeDepth(raster.depth),
      ...describeShape(raster, input),
    ],
  }
}

function describeFile(structure: ImageStructure, preprocessing: ModelCard['preprocessing']): string[] {
  const { orientation, alpha, colour } = structure
  const isTurned = orientation !== 1 && preprocessing.exifOrientation === 'ignore'
  return [
    isTurned
      ? `The file asks viewers to turn it (orientation ${orientation}); the model sees it as stored.`
      : null,
    alpha ? `Transparent pixels were put on the grey level ${preprocessing.background}.` : null,
    colour === 'cmyk'
      ? 'It is made of printing inks (CMYK), as no radiograph is; they were converted.'
      : null,
  ].filter((warning) => warning !== null)
}

/** Levels below a sixteenth of the range are those of 12 bits that were put into 16. */
const DARK_SHARE = 1 / 16
const WIDE_LEVELS = 2 ** 16

function describeDepth(depth: DepthUse | null): string[] {
  if (depth === null) return []
  const { bits, brightest } = depth
  if (bits < 16) return [`Its levels have ${bits} bits, as the file states (sBIT), and were scaled to 8 bit.`]
  if (brightest >= WIDE_LEVELS * DARK_SHARE) return ['Its 16-bit levels were scaled to 8 bit.']
  return [
    `Its 16-bit levels were scaled to 8 bit, and the brightest is ${brightest} of 65535: nearly black. ` +
      'If its source had fewer bits, export it again so that it states them (PNG sBIT) or uses the whole range.',
  ]
}

function describeShape({ width, height }: Raster, input: ModelCard['input']): string[] {
  const stretch = width / height / (input.width / input.height)
  const isStretched = stretch > STRETCH_LIMIT || stretch < 1 / STRETCH_LIMIT
  const isEnlarged = width < input.width || height < input.height
  const sizes = `${width} × ${height} pixels became ${input.width} × ${input.height}`
  return [
    isStretched ? `Its shape was changed: ${sizes}.` : null,
    isEnlarged ? `It is smaller than the model's input and was enlarged: ${sizes}.` : null,
  ].filter((warning) => warning !== null)
}
