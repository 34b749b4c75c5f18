import { bump, SIDE } from './canvas.ts'
import { bell, between, type Random, whole } from './random.ts'
import { type Textures, textureAt } from './texture.ts'

/** Surfaces of the retina in pixels from the top, one value per column. */
export type Retina = {
  /** Bruch's membrane, on which everything lies. */
  floor: Float32Array
  /** How far the pigment epithelium is lifted off it, and what lies beneath shines. */
  lift: Float32Array
  liftBrightness: number
  /** Fluid between the epithelium and the photoreceptors. */
  fluid: Float32Array
  /** Height of the layers above; swollen where it is more than `REST_THICKNESS`. */
  inner: Float32Array
  outer: Float32Array
  /** 1 where the photoreceptors are whole, 0 where they are destroyed. */
  receptors: Float32Array
}

/** Thickness of the pigment epithelium, in pixels. */
export const EPITHELIUM = 5

const COLUMNS = { length: SIDE }

/** A healthy eye: a curved floor, and layers that thin out at the fovea. */
export function makeRetina(random: Random, pose: Random, textures: Textures): Retina {
  const height = 162 + 10 * bell(random) + 6 * bell(pose)
  const slope = 0.055 * bell(pose)
  const curve = between(random, -8, 22)
  const fovea = 128 + 10 * bell(random) + 7 * bell(pose)
  const width = between(random, 26, 44)
  const depth = between(random, 0.72, 0.97)
  const inner = between(random, 38, 50)
  const outer = between(random, 27, 34)
  const row = whole(random, 0, 511)
  const waviness = between(random, 0.3, 1)
  const column = (make: (x: number) => number) => Float32Array.from(COLUMNS, (_, x) => make(x))
  const pit = column((x) => bump(x, fovea, width))
  return {
    floor: column((x) => {
      const off = (x - 128) / 128
      return height + slope * (x - 128) + curve * off * off + waviness * textureAt(textures.coarse, x, row)
    }),
    lift: column(() => 0),
    liftBrightness: 0.5,
    fluid: column(() => 0),
    inner: column((x) => inner * (1 - depth * (pit[x] ?? 0))),
    outer: column((x) => outer * (1 + 0.12 * (pit[x] ?? 0))),
    receptors: column(() => 1),
  }
}

/** Adds a smooth hill to a surface. */
export function addHill(surface: Float32Array, centre: number, width: number, height: number): void {
  for (let x = 0; x < SIDE; x += 1) surface[x] = (surface[x] ?? 0) + height * bump(x, centre, width)
}

/** Row of the retina's surface in a column; what lies between it and the floor is stacked from below. */
export function surfaceAt(retina: Retina, x: number): number {
  const at = (surface: Float32Array) => surface[x] ?? 0
  const { floor, lift, fluid, inner, outer } = retina
  return at(floor) - at(lift) - EPITHELIUM - at(fluid) - at(outer) - at(inner)
}
