/**
 * Uniform numbers in [0, 1) that repeat for the same seed on every machine: xoshiro128**, its state filled from
 * the seed by splitmix32. For resampling and simulation, never for secrets.
 * Domain: seed a whole number, taken modulo 2³². Resolution 2⁻³²; period 2¹²⁸ − 1.
 *
 * Source: Blackman & Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 2021.
 * Example: const random = seededRandom(1); random() → always the same first number
 */
export function seededRandom(seed: number): () => number {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`the seed ${seed} is not a whole number`)
  const next = splitmix32(seed)
  return xoshiro128StarStar([next(), next(), next(), next()])
}

/** The generator on a given state of four 32-bit words, not all zero. Exported for its published test values. */
export function xoshiro128StarStar([a, b, c, d]: readonly [number, number, number, number]): () => number {
  return () => {
    const word = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotateLeft(d, 11)
    return word / 2 ** 32
  }
}

function splitmix32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let word = state ^ (state >>> 16)
    word = Math.imul(word, 0x21f0aaad)
    word ^= word >>> 15
    word = Math.imul(word, 0x735a2d97)
    return (word ^ (word >>> 15)) >>> 0
  }
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}
