import type { Raster } from './raster.ts'

/** EXIF orientations 5–8 exchange rows and columns; the flips apply to the source's coordinates. */
const FLIPS: Record<number, { swap: boolean; flipX: boolean; flipY: boolean }> = {
  2: { swap: false, flipX: true, flipY: false },
  3: { swap: false, flipX: true, flipY: true },
  4: { swap: false, flipX: false, flipY: true },
  5: { swap: true, flipX: false, flipY: false },
  6: { swap: true, flipX: false, flipY: true },
  7: { swap: true, flipX: true, flipY: true },
  8: { swap: true, flipX: true, flipY: false },
}

/** The upright image of one stored with an EXIF orientation (1–8). */
export function orientRaster(raster: Raster, orientation: number): Raster {
  const flips = FLIPS[orientation]
  if (flips === undefined) return raster
  const { bands, data } = raster
  const width = flips.swap ? raster.height : raster.width
  const height = flips.swap ? raster.width : raster.height
  const upright = new Uint8Array(data.length)
  let out = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [column, row] = flips.swap ? [y, x] : [x, y]
      const sourceX = flips.flipX ? raster.width - 1 - column : column
      const sourceY = flips.flipY ? raster.height - 1 - row : row
      const from = (sourceY * raster.width + sourceX) * bands
      for (let band = 0; band < bands; band++) upright[out++] = data[from + band] as number
    }
  }
  return { width, height, bands, data: upright }
}
