import { describe, expect, it } from 'vitest'
import { seededRandom } from '#lib/statistics/seeded-random.ts'
import { HASH_BITS, perceptualHash } from './perceptual-hash.ts'
import type { Raster } from './raster.ts'

const hex = (bits: Uint8Array) => Buffer.from(bits).toString('hex')
const bitCount = (bits: Uint8Array) =>
  [...bits].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)

/** Soft blobs, as unlike their mirror image as a chest. */
function drawBlobs(seed: number, side = 96): Raster {
  const random = seededRandom(seed)
  const blobs = Array.from({ length: 12 }, () => ({ x: random(), y: random(), level: random() * 90 }))
  const level = (x: number, y: number) =>
    blobs.reduce(
      (sum, blob) => sum + blob.level * Math.exp(-40 * ((x - blob.x) ** 2 + (y - blob.y) ** 2)),
      20,
    )
  const data = Uint8Array.from({ length: side * side }, (_, at) =>
    Math.min(255, level((at % side) / side, Math.floor(at / side) / side)),
  )
  return { width: side, height: side, bands: 1, data }
}

function mirror({ width, height, bands, data }: Raster): Raster {
  const at = (i: number) => i - (i % width) + (width - 1 - (i % width))
  return { width, height, bands, data: data.map((_, i) => data[at(i)] as number) }
}

// That the bits are the right ones is shown beside SciPy, in tests/parity.
describe('perceptualHash', () => {
  it('sets half of the bits', () => {
    const { upright, mirrored } = perceptualHash(drawBlobs(1))
    expect([bitCount(upright), bitCount(mirrored)]).toEqual([HASH_BITS / 2, HASH_BITS / 2])
  })

  it('knows the mirror image', () => {
    const image = drawBlobs(2)
    const [one, other] = [perceptualHash(image), perceptualHash(mirror(image))]
    expect([hex(other.upright), hex(other.mirrored)]).toEqual([hex(one.mirrored), hex(one.upright)])
    expect(hex(one.upright)).not.toBe(hex(one.mirrored))
  })

  it('gives even pictures of any level one hash, whatever rounding leaves', () => {
    const even = (level: number): Raster => ({
      width: 40,
      height: 30,
      bands: 1,
      data: new Uint8Array(1200).fill(level),
    })
    const [one, ...others] = [77, 200, 255].map((level) => hex(perceptualHash(even(level)).upright))
    expect(others).toEqual([one, one])
  })

  it('takes no colours', () => {
    expect(() => perceptualHash({ width: 1, height: 1, bands: 3, data: new Uint8Array(3) })).toThrow(
      '3 bands',
    )
  })
})
