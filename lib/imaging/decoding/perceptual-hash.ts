import { decodeImage } from './decode-image.ts'
import type { Raster } from './raster.ts'
import { resampleRaster } from './resample-raster.ts'

/** What an image looks like in `HASH_BITS` bits, and what its mirror image does. */
export type PerceptualHash = { upright: Uint8Array; mirrored: Uint8Array }

/** The image is brought to so many pixels in each direction. */
const SIDE = 64
/** So many of the lowest frequencies in each direction are kept. */
const FREQUENCIES = 16
export const HASH_BITS = FREQUENCIES * FREQUENCIES
/** What is smaller than half of this is the rounding of a coefficient that is 0, as in an even picture. */
const COEFFICIENT_STEP = 1e-6

/** Of JPEG or PNG bytes, upright as people see them. Throws `ImageRefused`. */
export async function hashImage(bytes: Uint8Array): Promise<PerceptualHash> {
  return perceptualHash(await decodeImage(bytes, { mode: 'L', background: 0, exifOrientation: 'apply' }))
}

/**
 * The lowest 16 × 16 coefficients of the two-dimensional orthonormal DCT-II of the grey image at 64 × 64 pixels, a bit
 * each: 1 where it is above the median of them all. Row by row (vertical frequency), the highest bit of a byte first.
 * A copy that was saved anew, resized or moderately brightened keeps nearly all bits; images of different people
 * differ in about half. Mirroring turns the sign of the odd horizontal frequencies.
 *
 * Source: Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010, §3.2.1, with more bits.
 */
export function perceptualHash(grey: Raster): PerceptualHash {
  if (grey.bands !== 1) throw new RangeError(`${grey.bands} bands, of a grey image`)
  const { data } = resampleRaster(grey, SIDE, SIDE, 'bilinear')
  const coefficients = lowestFrequencies(data)
  const mirrored = coefficients.map((value, at) => (at % 2 === 1 ? -value : value))
  return { upright: bitsAboveMedian(coefficients), mirrored: bitsAboveMedian(mirrored) }
}

/** cos(π (2 n + 1) k / 2 N) with the scale of the orthonormal transform, at k × N + n. */
const COSINES = Float64Array.from({ length: FREQUENCIES * SIDE }, (_, at) => {
  const k = Math.floor(at / SIDE)
  const scale = Math.sqrt((k === 0 ? 1 : 2) / SIDE)
  return scale * Math.cos((Math.PI * (2 * (at % SIDE) + 1) * k) / (2 * SIDE))
})

function lowestFrequencies(pixels: Uint8Array): Float64Array {
  const ofRows = new Float64Array(SIDE * FREQUENCIES)
  for (let y = 0; y < SIDE; y++)
    for (let k = 0; k < FREQUENCIES; k++) {
      let sum = 0
      for (let x = 0; x < SIDE; x++)
        sum += (pixels[y * SIDE + x] as number) * (COSINES[k * SIDE + x] as number)
      ofRows[y * FREQUENCIES + k] = sum
    }
  const coefficients = new Float64Array(HASH_BITS)
  for (let v = 0; v < FREQUENCIES; v++)
    for (let k = 0; k < FREQUENCIES; k++) {
      let sum = 0
      for (let y = 0; y < SIDE; y++)
        sum += (ofRows[y * FREQUENCIES + k] as number) * (COSINES[v * SIDE + y] as number)
      coefficients[v * FREQUENCIES + k] = Math.round(sum / COEFFICIENT_STEP) * COEFFICIENT_STEP
    }
  return coefficients
}

function bitsAboveMedian(values: Float64Array): Uint8Array {
  const ascending = values.toSorted()
  const median = ((ascending[HASH_BITS / 2 - 1] as number) + (ascending[HASH_BITS / 2] as number)) / 2
  const bits = new Uint8Array(HASH_BITS / 8)
  values.forEach((value, at) => {
    if (value > median) bits[at >> 3] = (bits[at >> 3] as number) | (0x80 >> (at & 7))
  })
  return bits
}
