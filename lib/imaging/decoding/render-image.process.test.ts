import path from 'node:path'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import * as hostile from '#tests/support/hostile-images.ts'
import { largestPng } from '#tests/support/largest-png.ts'
import { testModelCard } from '#tests/support/test-models.ts'
import { ImageRenderer } from './render-image.ts'

const renderer = new ImageRenderer({
  root: path.resolve('.'),
  size: 1,
  environment: { PATH: process.env.PATH ?? '' },
  decodeSeconds: 100, // the largest take two, and many times that on a busy machine
})
afterAll(() => renderer.close())

const canary = 'PATIENT^CANARY'
const photograph = await sharp({
  create: {
    width: 400,
    height: 200,
    channels: 3,
    background: 'white',
    noise: { type: 'gaussian', mean: 128, sigma: 60 },
  },
})
  .withExif({ IFD0: { ImageDescription: canary } })
  .jpeg()
  .toBuffer()

describe('ImageRenderer', () => {
  it.each(['thumbnail', 'full'] as const)(
    'gives a %s without metadata or whatever follows the image',
    async (size) => {
      const upload = Buffer.concat([photograph, Buffer.from(`<script>${canary}</script>`)])
      expect(upload.includes(canary)).toBe(true)
      const rendering = await renderer.render(upload, size)
      const bytes = rendering.status === 'ok' ? Buffer.from(rendering.bytes) : Buffer.alloc(0)
      expect(bytes.length).toBeGreaterThan(0)
      expect(bytes.includes('CANARY')).toBe(false)
      expect(bytes.includes('<script>')).toBe(false)
      expect(await sharp(bytes).metadata()).not.toHaveProperty('exif')
    },
  )

  it('keeps a thumbnail below 10 kB, also of noise, and in the shape of the image', async () => {
    const rendering = await renderer.render(photograph, 'thumbnail')
    expect(rendering).toMatchObject({ status: 'ok', contentType: 'image/webp' })
    const bytes = rendering.status === 'ok' ? rendering.bytes : new Uint8Array()
    expect(bytes.length).toBeLessThanOrEqual(10_000)
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 160, height: 80 })
  })

  it('keeps every pixel of a full image', async () => {
    const image = hostile.plainPng(300, 200, 77)
    const rendering = await renderer.render(image, 'full')
    expect(rendering).toMatchObject({ status: 'ok', contentType: 'image/png' })
    const bytes = rendering.status === 'ok' ? rendering.bytes : new Uint8Array()
    const pixels = await sharp(bytes).raw().toBuffer()
    expect([pixels.length % 60_000, new Set(pixels)]).toEqual([0, new Set([77])])
  })

  it('does not enlarge an image of one pixel', async () => {
    const rendering = await renderer.render(hostile.plainPng(1, 1), 'thumbnail')
    expect(rendering.status).toBe('ok')
  })

  it.each([
    [hostile.SVG, 'UNSUPPORTED_IMAGE'],
    [hostile.greyPng(50_000, 50_000, Buffer.alloc(9)), 'TOO_MANY_PIXELS'],
    [photograph.subarray(0, 900), 'TRUNCATED_IMAGE'],
  ])('refuses what the decode policy refuses', async (image, code) => {
    expect(await renderer.render(image, 'full')).toMatchObject({ status: 'refused', code })
  })

  it('renders the largest image each time, for every purpose, and as often as it is asked', async () => {
    const image = await largestPng(77)
    const { input, preprocessing } = testModelCard()
    const once = async () => [
      (await renderer.render(image, 'thumbnail')).status,
      (await renderer.render(image, 'full')).status,
      (await renderer.renderModelInput(image, { input, preprocessing })).status,
      (await renderer.hash(image)).status,
    ]
    const statuses = [await once(), await once()]
    expect(statuses).toEqual(Array(2).fill(['ok', 'ok', 'seen', 'hashed']))
  })
})
