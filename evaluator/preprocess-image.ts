import { decodeImage } from '#lib/imaging/decoding/decode-image.ts'
import type { Raster } from '#lib/imaging/decoding/raster.ts'
import { resampleRaster } from '#lib/imaging/decoding/resample-raster.ts'
import type { ModelCard } from '#lib/vocabulary/model-card.ts'

export type ModelInput = { tensor: Float32Array; width: number; height: number }

const LEVELS = 256

/** Image bytes to the model's input, as the card says. Throws `ImageRefused`. Width and height are the image's own. */
export async function preprocessImage(bytes: Uint8Array, card: ModelCard): Promise<ModelInput> {
  const raster = await decodeImage(bytes, card.preprocessing)
  const { width, height } = card.input
  const resized = resampleRaster(raster, width, height, card.preprocessing.resample)
  return { tensor: toTensor(resized, card), width: raster.width, height: raster.height }
}

/** Planes of float32 (pixel / scale − mean) / std; a single band is repeated where the model wants three. */
export function toTensor(raster: Raster, card: ModelCard): Float32Array<ArrayBuffer> {
  const { channels } = card.input
  const pixels = raster.width * raster.height
  const tensor = new Float32Array(channels * pixels)
  for (let channel = 0; channel < channels; channel++) {
    const values = normalisedLevels(card, channel)
    const band = raster.bands === 1 ? 0 : channel
    const plane = channel * pixels
    for (let i = 0; i < pixels; i++)
      tensor[plane + i] = values[raster.data[i * raster.bands + band] as number] as number
  }
  return tensor
}

/** What each of the 256 levels becomes, every step rounded to float32 as NumPy and PyTorch do. */
function normalisedLevels(card: ModelCard, channel: number): Float32Array {
  const { mean, std, scale } = card.preprocessing
  const at = (values: number[]) => Math.fround(values[values.length === 1 ? 0 : channel] as number)
  const levels = new Float32Array(LEVELS)
  for (let level = 0; level < LEVELS; level++) {
    const scaled = Math.fround(level / Math.fround(scale))
    levels[level] = Math.fround(scaled - at(mean)) / at(std)
  }
  return levels
}
