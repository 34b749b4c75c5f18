import { describe, expect, it } from 'vitest'
import { seededRandom } from '#lib/statistics/seeded-random.ts'
import { HashIndex } from './hash-index.ts'
import { NEAR_DUPLICATE_BITS, packHashes } from './packed-hashes.ts'

/** A hash of 256 bits with ones at these places. */
function hashOf(...ones: number[]): Uint8Array {
  const bits = new Uint8Array(32)
  for (const one of ones) bits[one >> 3] = (bits[one >> 3] as number) ^ (0x80 >> (one & 7))
  return bits
}
const firstOnes = (count: number) => hashOf(...Array.from({ length: count }, (_, at) => at))
const nearest = (of: Uint8Array, among: Uint8Array[]) =>
  new HashIndex(packHashes(among)).nearest(packHashes([of]), 0)

describe('an index of hashes', () => {
  it('counts differing bits wherever they lie', () => {
    for (const places of [[0], [255], [31, 32], [63, 64, 128, 191, 200]])
      expect(nearest(hashOf(), [hashOf(...places)])).toEqual({ index: 0, distance: places.length })
  })

  it('finds the nearest, the first of equals', () => {
    const among = [firstOnes(9), firstOnes(4), hashOf(200, 201, 202, 203), firstOnes(6)]
    expect(nearest(hashOf(), among)).toEqual({ index: 1, distance: 4 })
  })

  it('takes nothing that is further than a near-duplicate', () => {
    expect(nearest(hashOf(), [firstOnes(NEAR_DUPLICATE_BITS)])?.distance).toBe(NEAR_DUPLICATE_BITS)
    expect(nearest(hashOf(), [firstOnes(NEAR_DUPLICATE_BITS + 1)])).toBeNull()
    expect(nearest(hashOf(), [])).toBeNull()
  })

  it('compares the hash at its index', () => {
    const of = packHashes([firstOnes(100), firstOnes(3)])
    expect(new HashIndex(packHashes([firstOnes(5)])).nearest(of, 1)).toEqual({ index: 0, distance: 2 })
  })

  it('finds what comparing with all would, wherever the bits differ', () => {
    const random = seededRandom(7)
    const draw = () => Uint8Array.from({ length: 32 }, () => Math.floor(256 * random()))
    const among = Array.from({ length: 500 }, draw)
    // Copies with 0 to 26 bits flipped: most of them near, some just beyond.
    const asked = Array.from({ length: 270 }, (_, i) => {
      const copy = Uint8Array.from(among[i] as Uint8Array)
      for (let flip = 0; flip < i % 27; flip++) {
        const bit = Math.floor(256 * random())
        copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7))
      }
      return copy
    })
    const index = new HashIndex(packHashes(among))
    const packed = packHashes(asked)
    const found = asked.map((_, at) => index.nearest(packed, at))
    expect(found).toEqual(asked.map((hash) => nearestOfAll(hash, among)))
    expect(found.filter((each) => each === null).length).toBeGreaterThan(5)
  })

  it.each([
    ['ten thousand', 10_000],
    ['twenty thousand', 20_000],
  ])('compares each hash with a hundredth of %s at most', (_name, count) => {
    const random = seededRandom(11)
    const hashes = packHashes(
      Array.from({ length: count }, () => Uint8Array.from({ length: 32 }, () => Math.floor(256 * random()))),
    )
    const index = new HashIndex(hashes)
    for (let at = 0; at < 100; at++) expect(index.nearest(hashes, at)).toEqual({ index: at, distance: 0 })
    expect(index.compared).toBeLessThan(100 * count * 0.01)
  })

  it('compares with each hash once at most, also where all are alike', () => {
    const alike = packHashes(Array.from({ length: 300 }, (_, at) => hashOf(at % 256)))
    const index = new HashIndex(alike)
    expect(index.nearest(packHashes([hashOf()]), 0)).toEqual({ index: 0, distance: 1 })
    expect(index.compared).toBeLessThanOrEqual(300)
  })
})

/** By comparing bit for bit with every hash. */
function nearestOfAll(hash: Uint8Array, among: readonly Uint8Array[]) {
  const distances = among.map((other) =>
    other.reduce(
      (sum, byte, at) => sum + (byte ^ (hash[at] as number)).toString(2).replaceAll('0', '').length,
      0,
    ),
  )
  const distance = Math.min(...distances)
  return distance > NEAR_DUPLICATE_BITS ? null : { index: distances.indexOf(distance), distance }
}
