/**
 * Pillow's conversions, in its integer arithmetic, so that both sides of the product see the same pixels.
 * Source: Pillow, src/libImaging/Convert.c (`L24`, `cmyk2rgb`) and ImagingUtils.h (`MULDIV255`).
 *
 * Each writes its result over its input, of which it needs no byte twice, and returns the part that it wrote: the
 * samples of a large image take 400 MB, and a copy for each step would take as much again.
 */

/** ITU-R 601-2 luma in 16-bit fixed point, rounded: (R·19595 + G·38470 + B·7471 + 2¹⁵) >> 16. */
export function rgbToGrey(rgb: Uint8Array): Uint8Array {
  const pixels = rgb.length / 3
  for (let pixel = 0, i = 0; pixel < pixels; pixel++, i += 3) {
    const [red, green, blue] = [rgb[i] as number, rgb[i + 1] as number, rgb[i + 2] as number]
    rgb[pixel] = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16
  }
  return rgb.subarray(0, pixels)
}

/** Each colour is the paper's white less black, less the ink's share of it. */
export function cmykToRgb(cmyk: Uint8Array): Uint8Array {
  const pixels = cmyk.length / 4
  for (let pixel = 0; pixel < pixels; pixel++) {
    const white = 255 - (cmyk[pixel * 4 + 3] as number)
    for (let band = 0; band < 3; band++) {
      const scaled = (cmyk[pixel * 4 + band] as number) * white + 128
      cmyk[pixel * 3 + band] = Math.max(0, white - (((scaled >> 8) + scaled) >> 8))
    }
  }
  return cmyk.subarray(0, pixels * 3)
}

/**
 * round(255 v / white), with white = 2^bits − 1: 0 → 0, white → 255. White is odd, so no value lies half-way. Of 16 bits
 * that is round(v / 257). The last band has a white of its own where it is alpha.
 */
export function scaleTo8(
  samples: Uint16Array,
  bands: number,
  bits: { colours: number; alpha: number },
): Uint8Array {
  const levels = new Uint8Array(samples.buffer, samples.byteOffset, samples.length)
  const [white, opaque] = [2 ** bits.colours - 1, 2 ** bits.alpha - 1]
  const [half, halfOpaque] = [(white - 1) / 2, (opaque - 1) / 2]
  if (white === opaque) {
    for (let i = 0; i < samples.length; i++) levels[i] = ((samples[i] as number) * 255 + half) / white
    return levels
  }
  for (let i = 0; i < samples.length; i++)
    levels[i] =
      (i + 1) % bands === 0
        ? ((samples[i] as number) * 255 + halfOpaque) / opaque
        : ((samples[i] as number) * 255 + half) / white
  return levels
}

/** The largest of the colours' samples, and of the last band where that is alpha. */
export function largestSamples(
  samples: Uint16Array,
  bands: number,
  alpha: boolean,
): { colours: number; alpha: number } {
  const largest = { colours: 0, alpha: 0 }
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i] as number
    if (alpha && (i + 1) % bands === 0) {
      if (sample > largest.alpha) largest.alpha = sample
    } else if (sample > largest.colours) largest.colours = sample
  }
  return largest
}

/**
 * Removes the last band: round((c·a + background·(255 − a)) / 255) for each other sample. 255 is odd, so no value
 * lies half-way.
 */
export function compositeAlpha(samples: Uint8Array, bands: number, background: number): Uint8Array {
  let out = 0
  for (let i = 0; i < samples.length; i += bands) {
    const alpha = samples[i + bands - 1] as number
    const behind = background * (255 - alpha) + 127
    for (let band = 0; band < bands - 1; band++)
      samples[out++] = ((samples[i + band] as number) * alpha + behind) / 255
  }
  return samples.subarray(0, out)
}
