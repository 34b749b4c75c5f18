import { bump, type Point } from './canvas.ts'
import { bell, between, type Random } from './random.ts'

/** −1 the image's left (the patient's right lung), 1 the image's right. */
export type BodySide = -1 | 1

export const BODY_SIDES: readonly BodySide[] = [-1, 1]

/** Where things are on one radiograph, in pixels. */
export type ChestAnatomy = {
  centre: number
  /** Sideways pixels a row: no patient stands quite straight. */
  tilt: number
  apex: number
  /** Top of the diaphragm on either side; the liver lifts the image's left one. */
  base: { left: number; right: number }
  /** Distance from the middle to the chest wall. */
  width: number
  heart: number
  mediastinum: number
  shoulders: number
  /** Pixels of soft tissue outside the ribs. */
  wall: number
}

export function drawAnatomy(random: Random): ChestAnatomy {
  const base = 190 + 10 * bell(random)
  return {
    centre: 128,
    tilt: 0,
    apex: 36 + 6 * bell(random),
    base: { left: base - between(random, 2, 10), right: base + between(random, -2, 6) },
    width: 97 + 6 * bell(random),
    heart: between(random, 22, 44),
    mediastinum: between(random, 12, 18),
    shoulders: between(random, 125, 175),
    wall: between(random, 10, 30),
  }
}

/** The same patient on another day: another breath, another stand before the plate. */
export function posed(anatomy: ChestAnatomy, random: Random): ChestAnatomy {
  const zoom = 1 + 0.035 * bell(random)
  const shift = 4 * bell(random)
  const breath = 6 * bell(random)
  return {
    ...anatomy,
    centre: 128 + 5 * bell(random),
    tilt: 0.03 * bell(random),
    apex: anatomy.apex * zoom + shift,
    base: {
      left: anatomy.base.left * zoom + shift + breath,
      right: anatomy.base.right * zoom + shift + breath,
    },
    width: anatomy.width * zoom,
  }
}

export function baseOf(anatomy: ChestAnatomy, side: BodySide): number {
  return side === -1 ? anatomy.base.left : anatomy.base.right
}

export function middleAt(anatomy: ChestAnatomy, y: number): number {
  return anatomy.centre + anatomy.tilt * (y - 128)
}

/** Distance from the middle to a lung's outer edge; `depth` is 0 at the apex and 1 at the diaphragm. */
export function outerEdge(anatomy: ChestAnatomy, depth: number): number {
  const part = Math.min(1, Math.max(0, depth) / 0.78)
  return anatomy.width * (0.36 + 0.64 * Math.sqrt(1 - (1 - part) ** 2))
}

/** Distance from the middle to a lung's inner edge: apex, then great vessels, then the heart's outline. */
export function innerEdge(anatomy: ChestAnatomy, side: BodySide, depth: number): number {
  const part = Math.min(1, Math.max(0, depth) / 0.3)
  const apex = (0.36 * anatomy.width - anatomy.mediastinum) * (1 - Math.sqrt(1 - (1 - part) ** 2))
  if (side === -1) return anatomy.mediastinum + apex + 0.34 * anatomy.heart * bump(depth, 0.84, 0.26)
  const aorta = 7 * bump(depth, 0.3, 0.08)
  return anatomy.mediastinum + apex + aorta + anatomy.heart * bump(depth, 0.96, 0.34)
}

/** The diaphragm's height at a distance from the middle: a dome that falls towards the ribs. */
export function domeAt(anatomy: ChestAnatomy, side: BodySide, distance: number): number {
  const fromPeak = distance / anatomy.width - 0.45
  return baseOf(anatomy, side) + (fromPeak > 0 ? 78 : 26) * fromPeak * fromPeak
}

export function depthAt(anatomy: ChestAnatomy, side: BodySide, y: number): number {
  return (y - anatomy.apex) / (baseOf(anatomy, side) - anatomy.apex)
}

/** A place in a lung: `across` 0 at the heart to 1 at the ribs, `depth` 0 at the apex to 1 at the diaphragm. */
export function placeInLung(anatomy: ChestAnatomy, side: BodySide, across: number, depth: number): Point {
  const y = anatomy.apex + depth * (baseOf(anatomy, side) - anatomy.apex)
  const inner = innerEdge(anatomy, side, depth)
  const distance = inner + across * (outerEdge(anatomy, depth) - inner)
  return { x: middleAt(anatomy, y) + side * distance, y }
}
