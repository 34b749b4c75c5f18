import { expect, it } from 'vitest'
import { orientRaster } from './orient-raster.ts'

// ImageOps.exif_transpose of [[1, 2, 3], [4, 5, 6]], Pillow 13.0.0
it.each([
  [1, 3, [1, 2, 3, 4, 5, 6]],
  [2, 3, [3, 2, 1, 6, 5, 4]],
  [3, 3, [6, 5, 4, 3, 2, 1]],
  [4, 3, [4, 5, 6, 1, 2, 3]],
  [5, 2, [1, 4, 2, 5, 3, 6]],
  [6, 2, [4, 1, 5, 2, 6, 3]],
  [7, 2, [6, 3, 5, 2, 4, 1]],
  [8, 2, [3, 6, 2, 5, 1, 4]],
])('turns an image of EXIF orientation %i upright', (orientation, width, expected) => {
  const stored = { width: 3, height: 2, bands: 1 as const, data: Uint8Array.of(1, 2, 3, 4, 5, 6) }
  const upright = orientRaster(stored, orientation)
  expect(upright.width).toBe(width)
  expect(Array.from(upright.data)).toEqual(expected)
})
