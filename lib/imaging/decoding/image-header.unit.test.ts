import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pngChunk } from '#tests/support/hostile-images.ts'
import { makeJpegHead, makePng } from '#tests/support/test-images.ts'
import { readImageHeader } from './image-header.ts'

/** The bytes with some replaced, and IHDR's checksum made right again. */
function alterPng(changes: Record<number, number>): Buffer {
  const png = makePng({ width: 7, height: 5 })
  for (const [at, value] of Object.entries(changes)) png[Number(at)] = value
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
  return png
}

describe('readImageHeader on PNG', () => {
  test('reads size, depth and channels', () => {
    expect(readImageHeader(makePng({ width: 640, height: 480 }))).toEqual({
      format: 'png',
      width: 640,
      height: 480,
      bitDepth: 8,
      channels: 1,
      animated: false,
    })
    expect(readImageHeader(alterPng({ 24: 16, 25: 6 }))).toMatchObject({ bitDepth: 16, channels: 4 })
    expect(readImageHeader(alterPng({ 24: 1, 25: 3 }))).toMatchObject({ bitDepth: 1, channels: 3 })
  })

  test('needs no more than the first 33 bytes', () => {
    expect(readImageHeader(makePng({ width: 9 }).subarray(0, 33))).toMatchObject({ width: 9 })
    expect(readImageHeader(makePng().subarray(0, 32))).toBe('CORRUPT_HEADER')
  })

  test('sees an animation that is announced before the pixels, and none behind them', () => {
    const frames = (count: number) => pngChunk('acTL', Buffer.of(0, 0, 0, count, 0, 0, 0, 0))
    const frame = pngChunk('fcTL', Buffer.alloc(26))
    const isAnimated = (chunks: Buffer[]) => {
      const [start, rest] = [makePng().subarray(0, 33), makePng().subarray(33)]
      const header = readImageHeader(Buffer.concat([start, ...chunks, rest]))
      return typeof header === 'string' ? header : header.animated
    }
    expect([[frames(2)], [frames(2), frame], [frames(1)]].map(isAnimated)).toEqual([true, true, true])
    // One frame that is the picture itself; no frame; two announcements.
    expect([[frames(1), frame], [frames(0)], [frames(2), frames(2)]].map(isAnimated)).toEqual([
      false,
      false,
      false,
    ])
    expect(readImageHeader(Buffer.concat([makePng(), frames(2)]))).toMatchObject({ animated: false })
  })

  test.each([
    ['a wrong checksum', Object.assign(makePng(), { 29: 0x55 })],
    ['no width', alterPng({ 19: 0 })],
    ['no height', alterPng({ 23: 0 })],
    ['a width beyond the format', alterPng({ 16: 0xff })],
    ['a depth that the colour type does not have', alterPng({ 24: 4, 25: 2 })],
    ['an unknown colour type', alterPng({ 25: 5 })],
    ['another first chunk', alterPng({ 12: 0x58 })],
    ['the signature alone', makePng().subarray(0, 8)],
  ])('calls the header corrupt with %s', (_, bytes) => {
    expect(readImageHeader(bytes)).toBe('CORRUPT_HEADER')
  })
})

describe('readImageHeader on JPEG', () => {
  test('reads size and channels', () => {
    expect(readImageHeader(makeJpegHead({ width: 2500, height: 2048, channels: 3 }))).toEqual({
      format: 'jpeg',
      width: 2500,
      height: 2048,
      bitDepth: 8,
      channels: 3,
      animated: false,
    })
  })

  test('finds the frame behind 300 KB of metadata', () => {
    expect(readImageHeader(makeJpegHead({ metadataBytes: 300_000, width: 11 }))).toMatchObject({ width: 11 })
  })

  test.each([
    ['zeros', Buffer.alloc(9)],
    ['text', Buffer.from('stray')],
    ['an escaped 0xff', Buffer.of(0xff, 0, 7)],
  ])('passes over %s between segments', (_, stray) => {
    const head = makeJpegHead({ metadataBytes: 30 })
    const metadataEnd = 4 + head.readUInt16BE(4)
    for (const at of [2, metadataEnd]) {
      const odd = Buffer.concat([head.subarray(0, at), at === 2 ? Buffer.of(0xff) : stray, head.subarray(at)])
      expect(readImageHeader(odd)).toMatchObject({ width: 3, height: 2 })
    }
  })

  test('accepts fill bytes before a marker, and progressive frames', () => {
    const head = makeJpegHead()
    const filled = Buffer.concat([head.subarray(0, 2), Buffer.alloc(5, 0xff), head.subarray(2)])
    expect(readImageHeader(filled)).toMatchObject({ width: 3, height: 2 })
    head[3] = 0xc2
    expect(readImageHeader(head)).toMatchObject({ width: 3, height: 2 })
  })

  test.each([
    ['cut before its frame', makeJpegHead().subarray(0, 4)],
    ['cut within its frame', makeJpegHead().subarray(0, 11)],
    ['with pixels before any frame', Buffer.from([0xff, 0xd8, 0xff, 0xda, 0, 8, 1, 1, 0, 0])],
    ['that ends at once', Buffer.from([0xff, 0xd8, 0xff, 0xd9, 0, 0])],
    ['with a segment of length 0', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0])],
    ['with rubbish between segments', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 2, 0x41, 0x42, 0x43, 0x44])],
    ['without height', makeJpegHead({ height: 0 })],
    ['without width', makeJpegHead({ width: 0 })],
    ['without channels', makeJpegHead({ channels: 0 })],
    ['of fill bytes only', Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(100_000, 0xff)])],
  ])('calls the header corrupt of a file %s', (_, bytes) => {
    expect(readImageHeader(bytes)).toBe('CORRUPT_HEADER')
  })
})

describe('readImageHeader on anything', () => {
  test.each([
    '',
    'G',
    'GIF89a',
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '<html>',
    'PK\u0003\u0004',
    '%PDF-1.7',
  ])('says that %j is not an image', (text) => {
    expect(readImageHeader(Buffer.from(text))).toBe('NOT_AN_IMAGE')
  })

  test('never throws and never reports an empty picture, whatever follows a right start', () => {
    const starts = [Buffer.from([0xff, 0xd8, 0xff]), makePng().subarray(0, 8), makePng().subarray(0, 33)]
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 300 }), (start, rest) => {
        const header = readImageHeader(Buffer.concat([start, rest]))
        if (typeof header === 'string') return header === 'CORRUPT_HEADER'
        return header.width > 0 && header.height > 0 && header.channels > 0
      }),
      { numRuns: 2000 },
    )
  })
})
