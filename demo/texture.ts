import type { Random } from './random.ts'

/** Tiles repeat without a seam; larger than an image, so that a random offset shows another part. */
const TILE_SIDE = 512
const MASK = TILE_SIDE - 1

export type Textures = {
  /** Film grain: almost no correlation between neighbours. */
  grain: Float32Array
  /** Structure of about 4, 12 and 40 pixels. */
  fine: Float32Array
  medium: Float32Array
  coarse: Float32Array
}

/** Smooth noise with mean 0 and standard deviation 1. Made once: filtering per image would cost more than drawing it. */
export function makeTextures(random: Random): Textures {
  return {
    grain: tile(random, [1]),
    fine: tile(random, [1, 2]),
    medium: tile(random, [4, 5]),
    coarse: tile(random, [12, 16]),
  }
}

/** The value of a tile at a pixel, from an offset on; whole numbers, wrapped round. */
export function textureAt(texture: Float32Array, x: number, y: number): number {
  return texture[((y & MASK) << 9) | (x & MASK)] ?? 0
}

function tile(random: Random, radii: readonly number[]): Float32Array {
  let values = Float32Array.from({ length: TILE_SIDE * TILE_SIDE }, () => random() - 0.5)
  for (const radius of radii) values = transposed(smoothed(transposed(smoothed(values, radius)), radius))
  return standardised(values)
}

/** Running mean along rows, wrapped round. */
function smoothed(values: Float32Array, radius: number): Float32Array<ArrayBuffer> {
  const result = new Float32Array(values.length)
  for (let row = 0; row < values.length; row += TILE_SIDE) {
    let sum = 0
    for (let x = -radius; x <= radius; x += 1) sum += values[row + (x & MASK)] ?? 0
    for (let x = 0; x < TILE_SIDE; x += 1) {
      result[row + x] = sum / (2 * radius + 1)
      sum += (values[row + ((x + radius + 1) & MASK)] ?? 0) - (values[row + ((x - radius) & MASK)] ?? 0)
    }
  }
  return result
}

function transposed(values: Float32Array): Float32Array<ArrayBuffer> {
  const result = new Float32Array(values.length)
  for (let y = 0; y < TILE_SIDE; y += 1)
    for (let x = 0; x < TILE_SIDE; x += 1) result[x * TILE_SIDE + y] = values[y * TILE_SIDE + x] ?? 0
  return result
}

function standardised(values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  let sum = 0
  let squares = 0
  for (const value of values) {
    sum += value
    squares += value * value
  }
  const mean = sum / values.length
  const deviation = Math.sqrt(squares / values.length - mean * mean)
  return values.map((value) => (value - mean) / deviation)
}
