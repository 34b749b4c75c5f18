import { type Canvas, SIDE, smoothStep } from './canvas.ts'
import {
  BODY_SIDES,
  type ChestAnatomy,
  depthAt,
  domeAt,
  innerEdge,
  middleAt,
  outerEdge,
} from './chest-anatomy.ts'

/** How much of each pixel is lung, 0 to 1. */
export function makeLungMask(anatomy: ChestAnatomy): Canvas {
  const mask = new Float32Array(SIDE * SIDE)
  for (let y = Math.max(0, Math.floor(anatomy.apex)); y < SIDE; y += 1) {
    const middle = middleAt(anatomy, y)
    for (const side of BODY_SIDES) {
      const depth = depthAt(anatomy, side, y)
      const inner = innerEdge(anatomy, side, depth)
      const outer = outerEdge(anatomy, depth)
      for (let distance = Math.max(0, inner - 5); distance < outer + 3; distance += 1) {
        const x = Math.round(middle + side * distance)
        if (x < 0 || x >= SIDE) continue
        const exact = (x - middle) * side
        const above = domeAt(anatomy, side, exact) - y
        if (above < -3) continue
        mask[y * SIDE + x] =
          smoothStep(inner - 5, inner + 5, exact) *
          (1 - smoothStep(outer - 4, outer + 2, exact)) *
          smoothStep(-3, 3, above)
      }
    }
  }
  return mask
}

/** Soft tissue, air in the lungs, heart and belly. */
export function drawBody(canvas: Canvas, anatomy: ChestAnatomy, lungs: Canvas): void {
  const bellyTop = (anatomy.base.left + anatomy.base.right) / 2
  for (let y = 0; y < SIDE; y += 1) {
    const middle = middleAt(anatomy, y)
    const half = bodyHalfWidth(anatomy, y)
    const belly = 0.1 * smoothStep(bellyTop - 5, bellyTop + 40, y)
    const heart = 0.13 * smoothStep(anatomy.apex + 30, bellyTop - 20, y)
    for (let x = 0; x < SIDE; x += 1) {
      const distance = Math.abs(x - middle)
      const body = 1 - smoothStep(half - 9, half + 2, distance)
      if (body === 0) continue
      const index = y * SIDE + x
      const air = lungs[index] ?? 0
      const centre = 1 - smoothStep(anatomy.mediastinum, anatomy.mediastinum + 34, distance)
      const flank = 0.1 * smoothStep(anatomy.width - 10, anatomy.width + 30, distance)
      const tissue = 0.66 + belly + centre * (0.06 + heart) - flank
      canvas[index] = body * (tissue - air * (0.38 + 0.1 * depthOfAir(anatomy, distance)))
    }
  }
}

/** There is most air halfway between heart and ribs. */
function depthOfAir(anatomy: ChestAnatomy, distance: number): number {
  const part = (distance - 0.55 * anatomy.width) / (0.5 * anatomy.width)
  return Math.max(-1, 1 - part * part)
}

function bodyHalfWidth(anatomy: ChestAnatomy, y: number): number {
  const neck = 34
  const slope = smoothStep(anatomy.apex - 40, anatomy.apex + 8, y)
  const torso = anatomy.width + anatomy.wall
  const waist = smoothStep(anatomy.apex + 35, anatomy.apex + 120, y)
  const upper = neck + (anatomy.shoulders - neck) * slope
  return upper + (torso - upper) * waist
}
