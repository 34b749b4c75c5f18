import type { Raster } from './raster.ts'
import {
  PRECISION_BITS,
  type ResampleCoefficients,
  type ResampleFilter,
  resampleCoefficients,
} from './resample-coefficients.ts'
import { resampleNearest } from './resample-nearest.ts'

const HALF = 1 << (PRECISION_BITS - 1)

/**
 * `Image.resize` of Pillow 13, bit for bit on 8-bit pixels: one dimension after the other, rounded to 8 bit in
 * between; a dimension that does not change is left alone. Source: Pillow, src/libImaging/Resample.c.
 */
export function resampleRaster(
  raster: Raster,
  width: number,
  height: number,
  filter: ResampleFilter | 'nearest',
): Raster {
  if (raster.width === width && raster.height === height) return raster
  if (filter === 'nearest') return resampleNearest(raster, width, height)
  const columns = (source: Raster) =>
    source.width === width
      ? source
      : resampleColumns(source, width, resampleCoefficients(source.width, width, filter))
  const rows = (source: Raster) =>
    source.height === height
      ? source
      : resampleRows(source, height, resampleCoefficients(source.height, height, filter))
  return rowsComeFirst(raster, width, height) ? columns(rows(raster)) : rows(columns(raster))
}

/**
 * The order shows in the last bit. Until version 12 Pillow always took columns first; since 13 it takes rows first
 * where they shrink by more than twice what the columns do (https://github.com/python-pillow/Pillow/pull/9549).
 */
function rowsComeFirst(raster: Raster, width: number, height: number): boolean {
  return raster.height - height > 2 * Math.max(0, raster.width - width)
}

function resampleColumns(raster: Raster, width: number, coefficients: ResampleCoefficients): Raster {
  const { height, bands, data } = raster
  const { taps, starts, counts, weights } = coefficients
  const out = new Uint8Array(width * height * bands)
  let to = 0
  for (let y = 0; y < height; y++) {
    const row = y * raster.width * bands
    for (let x = 0; x < width; x++) {
      const count = counts[x] as number
      const from = row + (starts[x] as number) * bands
      const offset = x * taps
      for (let band = 0; band < bands; band++) {
        let sum = HALF
        for (let k = 0, at = from + band; k < count; k++, at += bands)
          sum += (data[at] as number) * (weights[offset + k] as number)
        out[to++] = clip(sum)
      }
    }
  }
  return { width, height, bands, data: out }
}

function resampleRows(raster: Raster, height: number, coefficients: ResampleCoefficients): Raster {
  const { width, bands, data } = raster
  const { taps, starts, counts, weights } = coefficients
  const stride = width * bands
  const out = new Uint8Array(stride * height)
  // One row of sums, so that the source is read in the order it lies in memory.
  const sums = new Int32Array(stride)
  for (let y = 0; y < height; y++) {
    sums.fill(HALF)
    for (let k = 0; k < (counts[y] as number); k++) {
      const weight = weights[y * taps + k] as number
      const row = ((starts[y] as number) + k) * stride
      for (let i = 0; i < stride; i++) sums[i] = (sums[i] as number) + (data[row + i] as number) * weight
    }
    for (let i = 0; i < stride; i++) out[y * stride + i] = clip(sums[i] as number)
  }
  return { width, height, bands, data: out }
}

function clip(sum: number): number {
  const level = sum >> PRECISION_BITS
  return Math.max(0, Math.min(255, level))
}
