import { bitCount, HASH_WORDS, NEAR_DUPLICATE_BITS, type PackedHashes } from './packed-hashes.ts'

const BANDS = HASH_WORDS * 2
const BAND_BITS = 16
const BAND_VALUES = 1 << BAND_BITS

/**
 * Hashes by their sixteen bands of 16 bits. Two that differ in less than 32 bits have a band with at most one differing
 * bit, so whatever is near is found in 17 buckets of each band, and most others are never looked at. Exact: it gives
 * what comparing with all would. Source: pigeonhole; Norouzi et al., Fast exact search in Hamming space, TPAMI 2014.
 */
export class HashIndex {
  /** Hashes that were compared since it was made: its work. */
  compared = 0
  readonly #hashes: PackedHashes
  /** Of each band one beginning for each value, and one end. */
  readonly #starts: Uint32Array
  /** Of each band all hashes, by value. */
  readonly #members: Uint32Array
  /** By which search a hash was last looked at. */
  readonly #seenBy: Uint32Array
  #search = 0

  constructor(hashes: PackedHashes) {
    const count = hashes.length / HASH_WORDS
    this.#hashes = hashes
    this.#starts = new Uint32Array(BANDS * (BAND_VALUES + 1))
    this.#members = new Uint32Array(BANDS * count)
    this.#seenBy = new Uint32Array(count)
    for (let band = 0; band < BANDS; band++) this.#fillBand(band, count)
  }

  #fillBand(band: number, count: number): void {
    const starts = this.#starts.subarray(band * (BAND_VALUES + 1), (band + 1) * (BAND_VALUES + 1))
    for (let at = 0; at < count; at++) {
      const value = bandOf(this.#hashes, at, band) + 1
      starts[value] = (starts[value] as number) + 1
    }
    for (let value = 1; value <= BAND_VALUES; value++)
      starts[value] = (starts[value] as number) + (starts[value - 1] as number)
    const next = starts.slice(0, BAND_VALUES)
    for (let at = 0; at < count; at++) {
      const value = bandOf(this.#hashes, at, band)
      const place = next[value] as number
      this.#members[band * count + place] = at
      next[value] = place + 1
    }
  }

  /** The nearest hash to the one at `index` of `of` (the first of equals), or null where none is near enough. */
  nearest(of: PackedHashes, index: number): { index: number; distance: number } | null {
    this.#search += 1
    let best = { index: -1, distance: NEAR_DUPLICATE_BITS + 1 }
    for (let band = 0; band < BANDS; band++) {
      const value = bandOf(of, index, band)
      best = this.#searchBucket(band, value, of, index, best)
      for (let bit = 0; bit < BAND_BITS; bit++)
        best = this.#searchBucket(band, value ^ (1 << bit), of, index, best)
    }
    return best.index === -1 ? null : best
  }

  #searchBucket(
    band: number,
    value: number,
    of: PackedHashes,
    index: number,
    best: { index: number; distance: number },
  ): { index: number; distance: number } {
    const count = this.#seenBy.length
    const at = band * (BAND_VALUES + 1) + value
    const end = this.#starts[at + 1] as number
    let found = best
    for (let place = this.#starts[at] as number; place < end; place++) {
      const other = this.#members[band * count + place] as number
      if (this.#seenBy[other] === this.#search) continue
      this.#seenBy[other] = this.#search
      this.compared += 1
      const distance = distanceUpTo(found.distance, of, index, this.#hashes, other)
      if (distance < found.distance || (distance === found.distance && other < found.index))
        found = { index: other, distance }
    }
    return found
  }
}

function bandOf(hashes: PackedHashes, at: number, band: number): number {
  const word = hashes[at * HASH_WORDS + (band >> 1)] as number
  return band % 2 === 0 ? word >>> BAND_BITS : word & (BAND_VALUES - 1)
}

/** The distance, or any number beyond `most`. */
function distanceUpTo(
  most: number,
  one: PackedHashes,
  at: number,
  other: PackedHashes,
  index: number,
): number {
  let distance = 0
  for (let word = 0; word < HASH_WORDS && distance <= most; word++)
    distance += bitCount(
      (one[at * HASH_WORDS + word] as number) ^ (other[index * HASH_WORDS + word] as number),
    )
  return distance
}
