import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readExifOrientation } from './read-exif-orientation.ts'

function tiff(byteOrder: 'II' | 'MM', orientation: number): Buffer {
  const little = byteOrder === 'II'
  const block = Buffer.alloc(26)
  const view = new DataView(block.buffer, block.byteOffset, block.length)
  block.write(byteOrder, 'latin1')
  view.setUint16(2, 42, little)
  view.setUint32(4, 8, little)
  view.setUint16(8, 1, little)
  view.setUint16(10, 0x0112, little)
  view.setUint16(12, 3, little)
  view.setUint32(14, 1, little)
  view.setUint16(18, orientation, little)
  return block
}

describe('readExifOrientation', () => {
  it.each(['II', 'MM'] as const)('finds the orientation in byte order %s', (byteOrder) => {
    expect(readExifOrientation(tiff(byteOrder, 6))).toBe(6)
  })
  it('takes an orientation that does not exist for none', () => {
    expect(readExifOrientation(tiff('II', 9))).toBe(1)
  })
  it('takes an orientation with more than one value for none', () => {
    const block = tiff('MM', 6)
    block.writeUInt32BE(2, 14)
    expect(readExifOrientation(block)).toBe(1)
  })
  it('gives 1–8 for any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom('II', 'MM'), (bytes, byteOrder) => {
        const block = Buffer.concat([Buffer.from(byteOrder), bytes])
        expect(readExifOrientation(block)).toBeOneOf([1, 2, 3, 4, 5, 6, 7, 8])
      }),
    )
  })
})
