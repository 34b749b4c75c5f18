import { readFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { preprocessImage } from '#evaluator/preprocess-image.ts'
import * as hostile from '#tests/support/hostile-images.ts'
import { testModelCard } from '#tests/support/test-models.ts'
import { ImageRenderer } from './render-image.ts'

const renderer = new ImageRenderer({
  root: path.resolve('.'),
  size: 1,
  environment: { PATH: process.env.PATH ?? '' },
})
afterAll(() => renderer.close())

const noise = (width: number, height: number) =>
  sharp({
    create: {
      ...{ width, height, channels: 3, background: 'white' },
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })

describe('renderModelInput', () => {
  it('shows the pixels that the evaluator hands to the model', async () => {
    const image = await noise(300, 290).jpeg().toBuffer()
    const card = testModelCard()
    const seen = await renderer.renderModelInput(image, card)
    if (seen.status !== 'seen') throw new Error(seen.message)
    expect(seen).toMatchObject({ image: { width: 300, height: 290, format: 'jpeg' }, warnings: [] })
    const { data, info } = await sharp(seen.png)
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect(info).toMatchObject({ width: 64, height: 64, channels: 1 })
    const { tensor } = await preprocessImage(image, card)
    const levels = Array.from(tensor, (value) => Math.round((value * 0.5 + 0.5) * 255))
    expect(levels).toEqual([...data])
  })

  it('says what was done to an image that is turned, transparent, deep, small or of another shape', async () => {
    const turned = await noise(200, 100).withMetadata({ orientation: 6 }).jpeg().toBuffer()
    const seen = await renderer.renderModelInput(turned, testModelCard())
    expect(seen).toMatchObject({
      warnings: [/asks viewers to turn it \(orientation 6\)/, /shape/].map((part) =>
        expect.stringMatching(part),
      ),
    })
    const clear = await noise(32, 32).ensureAlpha(0.5).png().toBuffer()
    expect(await renderer.renderModelInput(clear, testModelCard())).toMatchObject({
      warnings: [expect.stringContaining('Transparent'), expect.stringContaining('enlarged')],
    })
  })

  it.each(['exif-prefix-twice.jpg', 'exif-chunk-with-prefix.png'])(
    'says that the orientation of %s was ignored',
    async (name) => {
      const seen = await renderer.renderModelInput(readFileSync(`tests/cases/${name}`), testModelCard())
      expect(seen).toMatchObject({
        warnings: [/orientation 6/, /enlarged/].map((part) => expect.stringMatching(part)),
      })
    },
  )

  it('says how many bits a deep image has, and warns where they leave it nearly black', async () => {
    const stated = readFileSync('tests/cases/twelve-bits-in-sixteen.png')
    const [before, after] = [stated.indexOf('sBIT') - 4, stated.indexOf('sBIT') + 9]
    const silent = Buffer.concat([stated.subarray(0, before), stated.subarray(after)])
    const depthOf = async (bytes: Buffer) => {
      const seen = await renderer.renderModelInput(bytes, testModelCard())
      return seen.status === 'seen' ? seen.warnings[0] : seen.code
    }
    expect(await depthOf(stated)).toMatch(/12 bits, as the file states/)
    expect(await depthOf(silent)).toMatch(/brightest is 4008 of 65535.*sBIT/)
    const deep = await noise(80, 80).toColourspace('grey16').png().toBuffer()
    expect(await depthOf(deep)).toBe('Its 16-bit levels were scaled to 8 bit.')
  })

  it('refuses what the decoder refuses, by the same code', async () => {
    const refused = await renderer.renderModelInput(Buffer.from('no image at all'), testModelCard())
    expect(refused).toMatchObject({ status: 'refused', code: 'UNSUPPORTED_IMAGE' })
    const truncated = hostile.plainPng(300, 200, 77).subarray(0, 100)
    expect(await renderer.renderModelInput(truncated, testModelCard())).toMatchObject({ status: 'refused' })
  })
})
