/**
 * The weights of Pillow's `Image.resize` on 8-bit images: a filter widened by the scale (antialias), normalised and
 * rounded to 22-bit fixed point. Source: Pillow, src/libImaging/Resample.c (`precompute_coeffs`,
 * `normalize_coeffs_8bpc`).
 */
export type ResampleFilter = 'bilinear' | 'bicubic'

/** 8 bits for the pixel and 2 for the sum of a filter with negative lobes leave 22 of a 32-bit integer. */
export const PRECISION_BITS = 32 - 8 - 2

export type ResampleCoefficients = {
  /** Weights of output i: `weights[i · taps … + counts[i]]`, for inputs from `starts[i]`. */
  taps: number
  starts: Int32Array
  counts: Int32Array
  weights: Int32Array
}

const FILTERS: Record<ResampleFilter, { support: number; weight: (distance: number) => number }> = {
  bilinear: { support: 1, weight: triangle },
  bicubic: { support: 2, weight: cubic },
}

export function resampleCoefficients(
  inputSize: number,
  outputSize: number,
  filter: ResampleFilter,
): ResampleCoefficients {
  const scale = inputSize / outputSize
  const filterScale = Math.max(scale, 1)
  const support = FILTERS[filter].support * filterScale
  const taps = Math.ceil(support) * 2 + 1
  const starts = new Int32Array(outputSize)
  const counts = new Int32Array(outputSize)
  const weights = new Int32Array(outputSize * taps)
  for (let i = 0; i < outputSize; i++) {
    const centre = (i + 0.5) * scale
    const start = Math.max(0, Math.trunc(centre - support + 0.5))
    const end = Math.min(inputSize, Math.trunc(centre + support + 0.5))
    starts[i] = start
    counts[i] = end - start
    fixedPointWeights(start, end, centre, 1 / filterScale, FILTERS[filter].weight, weights, i * taps)
  }
  return { taps, starts, counts, weights }
}

function fixedPointWeights(
  start: number,
  end: number,
  centre: number,
  inverseScale: number,
  weight: (distance: number) => number,
  weights: Int32Array,
  offset: number,
): void {
  const exact: number[] = []
  let sum = 0
  for (let x = 0; x < end - start; x++) {
    const value = weight((x + start - centre + 0.5) * inverseScale)
    exact.push(value)
    sum += value
  }
  for (const [x, value] of exact.entries()) {
    const share = (sum === 0 ? value : value / sum) * 2 ** PRECISION_BITS
    weights[offset + x] = Math.trunc(share < 0 ? share - 0.5 : share + 0.5)
  }
}

function triangle(distance: number): number {
  const x = Math.abs(distance)
  return x < 1 ? 1 - x : 0
}

/** Keys' cubic convolution with a = −0.5, in the order of operations of the source. */
function cubic(distance: number): number {
  const a = -0.5
  const x = Math.abs(distance)
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a
  return 0
}
