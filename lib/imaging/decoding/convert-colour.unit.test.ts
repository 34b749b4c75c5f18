import { describe, expect, it } from 'vitest'
import { cmykToRgb, compositeAlpha, largestSamples, rgbToGrey, scaleTo8 } from './convert-colour.ts'

describe('colour conversions give the values of Pillow', () => {
  it('RGB to grey', () => {
    // [Image.new('RGB', (1, 1), c).convert('L').getpixel((0, 0)) for c in …], Pillow 13.0.0
    const rgb = [
      [0, 0, 0],
      [255, 255, 255],
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [12, 200, 99],
    ].flat()
    expect(Array.from(rgbToGrey(Uint8Array.from(rgb)))).toEqual([0, 255, 76, 150, 29, 132])
  })
  it('CMYK to RGB', () => {
    // [Image.new('CMYK', (1, 1), c).convert('RGB').getpixel((0, 0)) for c in …], Pillow 13.0.0
    const cmyk = [
      [0, 0, 0, 0],
      [255, 0, 0, 0],
      [10, 20, 30, 40],
      [200, 100, 50, 128],
      [0, 0, 0, 255],
    ].flat()
    const rgb = [
      [255, 255, 255],
      [0, 255, 255],
      [207, 198, 190],
      [27, 77, 102],
      [0, 0, 0],
    ].flat()
    expect(Array.from(cmykToRgb(Uint8Array.from(cmyk)))).toEqual(rgb)
  })
})

describe('scaleTo8', () => {
  const all = { colours: 16, alpha: 16 }

  it('takes the stated bits for the whole range, of colours and of alpha', () => {
    // np.rint(v * 255 / (2 ** bits - 1)) for v in …
    const twelve = Uint16Array.of(0, 8, 9, 2047, 2048, 4095)
    expect(Array.from(scaleTo8(twelve, 1, { colours: 12, alpha: 12 }))).toEqual([0, 0, 1, 127, 128, 255])
    const pairs = Uint16Array.of(4095, 65535, 2048, 32768)
    expect(Array.from(scaleTo8(pairs, 2, { colours: 12, alpha: 16 }))).toEqual([255, 255, 128, 128])
  })

  it('rounds v / 257 instead of cutting the low byte off', () => {
    expect(
      Array.from(scaleTo8(Uint16Array.of(0, 128, 129, 255, 32768, 65278, 65407, 65535), 1, all)),
    ).toEqual([0, 0, 1, 1, 128, 254, 255, 255])
  })
})

describe('largestSamples', () => {
  it('looks at colours and alpha apart', () => {
    const samples = Uint16Array.of(5, 900, 7, 800)
    expect(largestSamples(samples, 2, true)).toEqual({ colours: 7, alpha: 900 })
    expect(largestSamples(samples, 2, false)).toEqual({ colours: 900, alpha: 0 })
  })
})

describe('compositeAlpha', () => {
  it('shows the background through transparent pixels and the colour through opaque ones', () => {
    const samples = Uint8Array.of(200, 0, 200, 255, 200, 128)
    expect(Array.from(compositeAlpha(samples, 2, 50))).toEqual([
      50,
      200,
      Math.round((200 * 128 + 50 * 127) / 255),
    ])
  })
})
