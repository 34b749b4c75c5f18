import { describe, expect, it } from 'vitest'
import { NEAR_DUPLICATE_BITS, nearestHash, packHashes } from './nearest-hash.ts'

/** A hash of 256 bits with ones at these places. */
function hashOf(...ones: number[]): Uint8Array {
  const bits = new Uint8Array(32)
  for (const one of ones) bits[one >> 3] = (bits[one >> 3] as number) ^ (0x80 >> (one & 7))
  return bits
}
const firstOnes = (count: number) => hashOf(...Array.from({ length: count }, (_, at) => at))
const nearest = (of: Uint8Array, among: Uint8Array[]) => nearestHash(packHashes([of]), 0, packHashes(among))

describe('nearestHash', () => {
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
    expect(nearestHash(of, 1, packHashes([firstOnes(5)]))).toEqual({ index: 0, distance: 2 })
  })
})
