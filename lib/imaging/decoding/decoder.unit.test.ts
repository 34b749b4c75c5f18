import sharp from 'sharp'
import { expect, it } from 'vitest'
import * as hostile from '#tests/support/hostile-images.ts'
import { decoder } from './decoder.ts'

const raw = { raw: { width: 8, height: 8, channels: 3 } } as const
const pixels = Buffer.alloc(8 * 8 * 3, 70)
const encoded = {
  gif: await sharp(pixels, raw).gif().toBuffer(),
  tiff: await sharp(pixels, raw).tiff().toBuffer(),
  webp: await sharp(pixels, raw).webp({ lossless: true }).toBuffer(),
  avif: await sharp(pixels, raw).avif().toBuffer(),
  svg: hostile.SVG,
}

it.each(Object.entries(encoded))('the decoder itself has no loader for %s', async (_format, bytes) => {
  await expect(decoder(bytes).raw().toBuffer()).rejects.toThrow(/unsupported image format/)
})
