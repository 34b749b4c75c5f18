import type { Raster } from './raster.ts'

/** Pillow's nearest neighbour. Source: src/libImaging/Geometry.c (`ImagingScaleAffine`). */
export function resampleNearest(raster: Raster, width: number, height: number): Raster {
  const { bands, data } = raster
  const columns = nearestIndices(raster.width, width)
  const rows = nearestIndices(raster.height, height)
  const out = new Uint8Array(width * height * bands)
  let to = 0
  for (const row of rows)
    for (const column of columns) {
      const from = (row * raster.width + column) * bands
      for (let band = 0; band < bands; band++) out[to++] = data[from + band] as number
    }
  return { width, height, bands, data: out }
}

/** The position is summed step by step as in the source: a product would round differently at pixel borders. */
function nearestIndices(inputSize: number, outputSize: number): Int32Array {
  const step = inputSize / outputSize
  const indices = new Int32Array(outputSize)
  for (let i = 0, position = step * 0.5; i < outputSize; i++, position += step)
    indices[i] = Math.min(inputSize - 1, Math.trunc(position))
  return indices
}
