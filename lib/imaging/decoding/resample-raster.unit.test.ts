import { describe, expect, it } from 'vitest'
import type { Raster } from './raster.ts'
import { resampleRaster } from './resample-raster.ts'

/** Levels i² · 37 mod 256, as in `(np.arange(w * h) ** 2 * 37 % 256).reshape(h, w)`. */
function pattern(width: number, height: number): Raster {
  const data = Uint8Array.from({ length: width * height }, (_, i) => (i * i * 37) % 256)
  return { width, height, bands: 1, data }
}

// Expected values: Pillow 13.0.0, np.asarray(Image.fromarray(pattern).resize((width, height), filter)).ravel()
describe('resampleRaster gives the values of Pillow', () => {
  it.each([
    ['bilinear', 3, 2, [74, 123, 134, 133, 115, 107]],
    [
      'bilinear',
      10,
      4,
      [
        5, 26, 72, 150, 111, 88, 95, 150, 123, 66, 47, 72, 96, 105, 135, 154, 160, 145, 145, 150, 145, 174,
        166, 74, 101, 126, 137, 128, 132, 141, 107, 140, 136, 50, 138, 130, 26, 96, 84, 38,
      ],
    ],
    ['bicubic', 3, 2, [68, 127, 136, 138, 111, 107]],
    ['nearest', 3, 4, [37, 77, 157, 64, 116, 208, 244, 64, 180, 141, 229, 101]],
  ] as const)('%s to %i × %i', (filter, width, height, expected) => {
    const resized = resampleRaster(pattern(7, 5), width, height, filter)
    expect(Array.from(resized.data)).toEqual(expected)
  })

  it('takes rows first where they shrink by far more than the columns', () => {
    // Columns first would give 62, 102, 131, 107, 144, 150.
    expect(Array.from(resampleRaster(pattern(3, 9), 2, 3, 'bilinear').data)).toEqual([
      63, 102, 131, 107, 145, 150,
    ])
  })

  it('resizes each of three bands as it would resize it alone', () => {
    const grey = pattern(7, 5)
    const data = Uint8Array.from(
      { length: 105 },
      (_, i) => (grey.data[Math.floor(i / 3)] as number) ^ (i % 3 === 1 ? 255 : 0),
    )
    const colour = resampleRaster({ width: 7, height: 5, bands: 3, data }, 3, 2, 'bicubic').data
    const alone = resampleRaster(grey, 3, 2, 'bicubic').data
    expect(Array.from(colour.filter((_, i) => i % 3 === 0))).toEqual(Array.from(alone))
    expect(Array.from(colour.filter((_, i) => i % 3 === 2))).toEqual(Array.from(alone))
  })

  it('leaves an image of the right size as it is', () => {
    const raster = pattern(7, 5)
    expect(resampleRaster(raster, 7, 5, 'bicubic')).toBe(raster)
  })
})
