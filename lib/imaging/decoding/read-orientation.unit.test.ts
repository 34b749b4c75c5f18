import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EXIF_PREFIX, readOrientation } from './read-orientation.ts'

type ByteOrder = 'II' | 'MM'

/** A TIFF block whose one entry is the orientation: by default one SHORT. */
function tiff(order: ByteOrder, orientation: number, { type = 3, count = 1 } = {}): Buffer {
  const little = order === 'II'
  const block = Buffer.alloc(26)
  const view = new DataView(block.buffer, block.byteOffset, block.length)
  block.write(order, 'latin1')
  view.setUint16(2, 42, little)
  view.setUint32(4, 8, little)
  view.setUint16(8, 1, little)
  view.setUint16(10, 0x0112, little)
  view.setUint16(12, type, little)
  view.setUint32(14, count, little)
  if (type === 4) view.setUint32(18, orientation, little)
  else view.setUint16(18, orientation, little)
  return block
}
const ofExif = (...parts: Uint8Array[]) => readOrientation({ exif: Buffer.concat(parts), xmp: null })
const xmp = (orientation: number) => Buffer.from(`<rdf:Description tiff:Orientation="${orientation}"/>`)

// That every spelling is read as Pillow reads it is shown beside Pillow, in tests/parity.
describe('readOrientation', () => {
  it.each(['II', 'MM'] as const)('finds the orientation in byte order %s, as SHORT and as LONG', (order) => {
    expect([ofExif(tiff(order, 6)), ofExif(tiff(order, 6, { type: 4 }))]).toEqual([6, 6])
  })

  it('finds it behind no prefix, one and two, and behind three no more', () => {
    const block = tiff('II', 6)
    const found = [0, 1, 2, 3].map((count) => ofExif(...Array<Buffer>(count).fill(EXIF_PREFIX), block))
    expect(found).toEqual([6, 6, 6, 1])
  })

  it('takes an orientation that does not exist for none, and the first of several', () => {
    expect(ofExif(tiff('II', 9))).toBe(1)
    expect(ofExif(tiff('II', 6, { count: 2 }))).toBe(6)
  })

  it('asks XMP where EXIF has none, and not where it is damaged', () => {
    expect(readOrientation({ exif: null, xmp: xmp(8) })).toBe(8)
    expect(readOrientation({ exif: EXIF_PREFIX, xmp: xmp(8) })).toBe(8)
    expect(readOrientation({ exif: tiff('MM', 3), xmp: xmp(8) })).toBe(3)
    expect(readOrientation({ exif: Buffer.from('no TIFF block'), xmp: xmp(8) })).toBe(1)
    const element = Buffer.from('<tiff:Orientation>5</tiff:Orientation>')
    expect(readOrientation({ exif: null, xmp: element })).toBe(5)
  })

  it('gives 1–8 for any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom('II*\0', 'MM\0*'), (bytes, start) => {
        expect(ofExif(Buffer.from(start, 'latin1'), bytes)).toBeOneOf([1, 2, 3, 4, 5, 6, 7, 8])
      }),
    )
  })
})
