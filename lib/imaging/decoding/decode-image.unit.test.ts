import { readFileSync } from 'node:fs'
import path from 'node:path'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import * as hostile from '#tests/support/hostile-images.ts'
import { decodeImage } from './decode-image.ts'
import { readImageHeader } from './image-header.ts'
import { ImageRefused } from './image-refused.ts'
import { inspectImage } from './inspect-image.ts'
import { PNG_SIGNATURE } from './png-chunks.ts'

const policy = { mode: 'L', background: 0, exifOrientation: 'ignore' } as const
const outcome = (bytes: Uint8Array) =>
  decodeImage(bytes, policy).then(
    () => 'accepted',
    (error: unknown) => (error instanceof ImageRefused ? error.code : error),
  )
const jpeg = await hostile.pictureJpeg()
const manyScans = await hostile.manyScansJpeg(500, 10_000)
const png = hostile.plainPng(100, 80)
const cut = (bytes: Buffer, share: number) => bytes.subarray(0, Math.floor(bytes.length * share))

describe('decodeImage refuses', () => {
  it.each([
    ['nothing', Buffer.alloc(0), 'EMPTY_FILE'],
    ['one byte', Buffer.of(0xff), 'UNSUPPORTED_IMAGE'],
    ['ten bytes', Buffer.alloc(10, 7), 'UNSUPPORTED_IMAGE'],
    ['a JPEG cut at 10%', cut(jpeg, 0.1), 'TRUNCATED_IMAGE'],
    ['a JPEG cut at 50%', cut(jpeg, 0.5), 'TRUNCATED_IMAGE'],
    ['a JPEG cut at 99%', cut(jpeg, 0.99), 'TRUNCATED_IMAGE'],
    ['a JPEG cut and closed again', Buffer.concat([cut(jpeg, 0.6), Buffer.of(0xff, 0xd9)]), 'CORRUPT_IMAGE'],
    ['a PNG cut inside its pixels', cut(png, 0.6), 'TRUNCATED_IMAGE'],
    ['a PNG without its end', png.subarray(0, png.length - 12), 'TRUNCATED_IMAGE'],
    ['a PNG with a damaged header', hostile.flipByte(png, 20), 'CORRUPT_IMAGE'],
    ['a PNG with damaged pixels', hostile.flipByte(png, png.length - 30), 'CORRUPT_IMAGE'],
    ['a PNG with too few pixels', hostile.greyPng(300, 300, Buffer.alloc(100)), 'CORRUPT_IMAGE'],
    ['a PNG of 50,000 × 50,000', hostile.greyPng(50_000, 50_000, Buffer.alloc(10)), 'TOO_MANY_PIXELS'],
    ['a PNG of 4,294,967,295 × 1', hostile.greyPng(0xffffffff, 1, Buffer.alloc(10)), 'TOO_MANY_PIXELS'],
    ['a PNG without a width', hostile.greyPng(0, 10, Buffer.alloc(10)), 'CORRUPT_IMAGE'],
    ['a strip', hostile.plainPng(1, 100_000), 'BAD_ASPECT'],
    [
      'an animated PNG',
      hostile.plainPng(9, 9, 0, [hostile.pngChunk('acTL', Buffer.of(0, 0, 0, 2, 0, 0, 0, 0))]),
      'ANIMATED_NOT_SUPPORTED',
    ],
    ['a GIF', hostile.GIF, 'ANIMATED_NOT_SUPPORTED'],
    ['an animated WebP', hostile.extendedWebp(0x02), 'ANIMATED_NOT_SUPPORTED'],
    ['a WebP with alpha', hostile.extendedWebp(0x10), 'UNSUPPORTED_IMAGE'],
    ['a lossless WebP', hostile.LOSSLESS_WEBP, 'UNSUPPORTED_IMAGE'],
    ['an SVG', hostile.SVG, 'UNSUPPORTED_IMAGE'],
    ['a TIFF', hostile.TIFF, 'UNSUPPORTED_IMAGE'],
    ['a HEIC', hostile.HEIC, 'UNSUPPORTED_IMAGE'],
    ['an AVIF', hostile.AVIF, 'UNSUPPORTED_IMAGE'],
    ['a JPEG XL', hostile.JPEG_XL, 'UNSUPPORTED_IMAGE'],
    ['a DICOM file', hostile.dicom(512, 512), 'UNSUPPORTED_IMAGE'],
    ['a DICOM file of 65,535 × 65,535', hostile.dicom(65_535, 65_535), 'UNSUPPORTED_IMAGE'],
    ['a tar', hostile.TAR, 'UNSUPPORTED_IMAGE'],
    ['a PDF with a JPEG in it', Buffer.concat([hostile.PDF, jpeg]), 'UNSUPPORTED_IMAGE'],
    ['a JPEG of ten thousand scans', manyScans, 'CORRUPT_IMAGE'],
    ['a zip', hostile.ZIP, 'UNSUPPORTED_IMAGE'],
    ['a gzip', hostile.GZIP, 'UNSUPPORTED_IMAGE'],
    ['a PDF', hostile.PDF, 'UNSUPPORTED_IMAGE'],
    ['a web page', hostile.HTML, 'UNSUPPORTED_IMAGE'],
  ])('%s', async (_name, bytes, code) => {
    expect(await outcome(bytes)).toBe(code)
  })
})

const cases = path.resolve('tests/cases')
const readCase = (name: string) => readFileSync(path.join(cases, name))
/** The JPEG with another start of frame: such a file cannot be decoded, and need not be. */
function withFrame(marker: number): Buffer {
  const changed = Buffer.from(jpeg)
  changed[jpeg.indexOf(Buffer.of(0xff, 0xc0)) + 1] = marker
  return changed
}

describe('decodeImage says what kind of JPEG it does not read', () => {
  it.each([
    ['hierarchical', 0xc5, 'a hierarchical JPEG (SOF5)'],
    ['hierarchical, with arithmetic coding', 0xcd, 'a hierarchical JPEG (SOF13)'],
    ['lossless, with arithmetic coding', 0xcb, 'a lossless JPEG with arithmetic coding (SOF11)'],
  ])('%s', async (_name, marker, words) => {
    const refusal = await decodeImage(withFrame(marker), policy).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'UNSUPPORTED_IMAGE', message: expect.stringContaining(words) })
  })
})

describe('decodeImage reads what other programs leave in sound files', () => {
  // The pixels are compared with those of Pillow in tests/parity.
  it.each([
    'arithmetic.jpg',
    'lossless.jpg',
    'stray-bytes-between-segments.jpg',
    'one-frame-apng.png',
    'twelve-bits-in-sixteen.png',
  ])('%s', async (name) => {
    expect(await outcome(readCase(name))).toBe('accepted')
    expect(readImageHeader(readCase(name))).toMatchObject({ animated: false, channels: 1 })
  })

  it.each(['exif-prefix-twice.jpg', 'exif-chunk-with-prefix.png'])('the orientation of %s', (name) => {
    expect(inspectImage(readCase(name)).orientation).toBe(6)
  })
})

describe('decodeImage scales 16 bits', () => {
  const grey16 = (levels: number[], extra: Buffer[] = []) => {
    const header = Buffer.alloc(13)
    header.writeUInt32BE(levels.length, 0)
    header.writeUInt32BE(1, 4)
    header.set([16, 0, 0, 0, 0], 8)
    const row = Buffer.alloc(1 + 2 * levels.length)
    for (const [i, level] of levels.entries()) row.writeUInt16BE(level, 1 + 2 * i)
    const chunks = [hostile.pngChunk('IHDR', header), ...extra, hostile.pngChunk('IDAT', deflateSync(row))]
    return Buffer.concat([PNG_SIGNATURE, ...chunks, hostile.pngChunk('IEND', Buffer.alloc(0))])
  }
  const twelve = [hostile.pngChunk('sBIT', Buffer.of(12))]
  const levelsOf = async (bytes: Buffer) => {
    const { data, depth } = await decodeImage(bytes, policy)
    return { levels: Array.from(data), depth }
  }

  it('by the bits that the file states, where no sample needs more', async () => {
    expect(await levelsOf(grey16([0, 2048, 4095], twelve))).toEqual({
      levels: [0, 128, 255],
      depth: { bits: 12, brightest: 4095 },
    })
  })

  it('by all 16 where the samples were spread over them, or nothing is stated', async () => {
    expect(await levelsOf(grey16([0, 32_768, 65_535], twelve))).toEqual({
      levels: [0, 128, 255],
      depth: { bits: 16, brightest: 65_535 },
    })
    expect((await levelsOf(grey16([0, 2048, 4095]))).levels).toEqual([0, 8, 16])
  })
})

describe('decodeImage takes no time and memory that a header asks for', () => {
  it.each([
    ['50,000 × 50,000 pixels', hostile.greyPng(50_000, 50_000, Buffer.alloc(10)), 'TOO_MANY_PIXELS'],
    ['16,383 × 16,383 pixels', hostile.plainPng(16_383, 16_383), 'TOO_MANY_PIXELS'],
    ['64 MB of compressed text', hostile.textBombPng(), 'accepted'],
    ['a thousand text chunks', hostile.manyChunksPng(), 'accepted'],
  ])('%s', async (_name, bytes, expected) => {
    const before = process.memoryUsage.rss()
    const begun = performance.now()
    expect(await outcome(bytes)).toBe(expected)
    expect(performance.now() - begun).toBeLessThan(5000) // some milliseconds when nothing else runs
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 2 ** 20)
  })
})

describe('decodeImage accepts', () => {
  it.each([
    ['one pixel', hostile.plainPng(1, 1)],
    ['garbage after the end of a JPEG', Buffer.concat([jpeg, hostile.ZIP, hostile.HTML])],
    ['64 MB of compressed text', hostile.textBombPng()],
    ['a thousand text chunks', hostile.manyChunksPng()],
  ])('%s', async (_name, bytes) => {
    expect(await outcome(bytes)).toBe('accepted')
  })

  it('an interlaced PNG, with the pixels of the plain one', async () => {
    const interlaced = await sharp(jpeg).png({ progressive: true }).toBuffer()
    const plain = await sharp(jpeg).png().toBuffer()
    expect((await decodeImage(interlaced, policy)).data).toEqual((await decodeImage(plain, policy)).data)
  })

  it('garbage after the end without a change of a pixel', async () => {
    const dirty = Buffer.concat([jpeg, hostile.HTML])
    expect((await decodeImage(dirty, policy)).data).toEqual((await decodeImage(jpeg, policy)).data)
  })

  it('a JPEG whose header has a revision that no standard names, without a change of a pixel', async () => {
    const ofRevision = (major: number) => {
      const fields = Uint8Array.of(major, 1, 0, 0, 1, 0, 1, 0, 0)
      const header = Buffer.concat([Buffer.from('\xff\xe0\0\x10JFIF\0', 'latin1'), fields])
      return Buffer.concat([jpeg.subarray(0, 2), header, jpeg.subarray(2)])
    }
    const [odd, usual] = [await decodeImage(ofRevision(9), policy), await decodeImage(ofRevision(1), policy)]
    expect(odd.data).toEqual(usual.data)
  })

  it('every one of the 256 levels of an 8-bit grey PNG as it is', async () => {
    const rows = Buffer.from(
      Array.from({ length: 16 }, (_, y) => [0, ...Array.from({ length: 16 }, (_, x) => y * 16 + x)]).flat(),
    )
    const { data } = await decodeImage(hostile.greyPng(16, 16, rows), policy)
    expect(Array.from(data)).toEqual(Array.from({ length: 256 }, (_, level) => level))
  })

  it('a JPEG that is a zip as well, without a change of a pixel', async () => {
    const both = Buffer.concat([jpeg, hostile.ZIP, Buffer.alloc(100), Buffer.from('PK\x05\x06')])
    expect((await decodeImage(both, policy)).data).toEqual((await decodeImage(jpeg, policy)).data)
  })
})

const picture = { create: { width: 40, height: 30, channels: 3 as const, background: '#a05020' } }
const detailed = () =>
  sharp({ ...picture, create: { ...picture.create, noise: { type: 'gaussian', mean: 120, sigma: 50 } } })
const noise = await detailed().png().toBuffer()

describe('decodeImage gives', () => {
  it.each([0, 77, 255])('the background %i where all of it is transparent', async (background) => {
    const clear = await sharp({ create: { ...picture.create, channels: 4, background: '#ff804000' } })
      .png()
      .toBuffer()
    const { data } = await decodeImage(clear, { ...policy, background })
    expect(new Set(data)).toEqual(new Set([background]))
  })

  it('the pixels as they are stored or upright, whichever of the eight orientations it is told', async () => {
    const upright = await decodeImage(noise, { ...policy, mode: 'RGB' })
    for (let orientation = 1; orientation <= 8; orientation++) {
      const tagged = await sharp(noise).withMetadata({ orientation }).png().toBuffer()
      expect(await decodeImage(tagged, { ...policy, mode: 'RGB' })).toEqual(upright)
      const turned = await decodeImage(tagged, { ...policy, mode: 'RGB', exifOrientation: 'apply' })
      const reference = await sharp(tagged)
        .autoOrient()
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true })
      expect([turned.width, turned.height]).toEqual([reference.info.width, reference.info.height])
      expect(Buffer.from(turned.data).equals(reference.data), `orientation ${orientation}`).toBe(true)
    }
  })

  it('the pixels as they are stored, whatever colour profile they have', async () => {
    const profile = await sharp(noise).jpeg().withIccProfile('p3').toBuffer()
    const marker = profile.indexOf('ICC_PROFILE')
    const broken = Buffer.from(profile).fill(0x55, marker + 20, marker + 300)
    const without = Buffer.concat([
      profile.subarray(0, marker - 4),
      profile.subarray(marker - 2 + profile.readUInt16BE(marker - 2)),
    ])
    const rgb = { ...policy, mode: 'RGB' } as const
    const expected = await decodeImage(without, rgb)
    for (const tagged of [profile, broken]) expect(await decodeImage(tagged, rgb)).toEqual(expected)
  })
})
