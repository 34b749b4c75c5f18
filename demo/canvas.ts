import { textureAt } from './texture.ts'

export const SIDE = 256

/** Brightness of `SIDE` × `SIDE` pixels by rows, about 0 (black) to 1 (white) until it is encoded. */
export type Canvas = Float32Array

export type Point = { x: number; y: number }

export function blankCanvas(): Canvas {
  return new Float32Array(SIDE * SIDE)
}

export function clamp01(value: number): number {
  return Math.min(1, Math.max(0, value))
}

/** 0 up to `low`, 1 from `high` on, smooth between. */
export function smoothStep(low: number, high: number, value: number): number {
  const part = clamp01((value - low) / (high - low))
  return part * part * (3 - 2 * part)
}

/** A bell of height 1 at the centre, 0.37 at one width. */
export function bump(value: number, centre: number, width: number): number {
  const distance = (value - centre) / width
  return Math.exp(-distance * distance)
}

/** Calls `paint` on every pixel of the box that lies on the canvas. */
function eachPixel(
  centre: Point,
  reach: { x: number; y: number },
  paint: (index: number, x: number, y: number) => void,
): void {
  const right = Math.min(SIDE - 1, Math.floor(centre.x + reach.x))
  const bottom = Math.min(SIDE - 1, Math.floor(centre.y + reach.y))
  for (let y = Math.max(0, Math.ceil(centre.y - reach.y)); y <= bottom; y += 1)
    for (let x = Math.max(0, Math.ceil(centre.x - reach.x)); x <= right; x += 1) paint(y * SIDE + x, x, y)
}

/** Adds a round spot with soft edges. */
export function addSpot(canvas: Canvas, centre: Point, radius: number, strength: number): void {
  const reach = radius * 1.8
  eachPixel(centre, { x: reach, y: reach }, (index, x, y) => {
    const square = ((x - centre.x) ** 2 + (y - centre.y) ** 2) / (radius * radius)
    canvas[index] = (canvas[index] ?? 0) + strength * Math.exp(-square)
  })
}

export type Patch = {
  centre: Point
  radiusX: number
  radiusY: number
  strength: number
  /** Part of the radius over which the edge fades. */
  softness: number
  /** 0 an ellipse; 0.5 a cloud. */
  raggedness: number
  texture: Float32Array
  offset: Point
}

/** Adds an area with an irregular outline. */
export function addPatch(canvas: Canvas, patch: Patch): void {
  const { centre, radiusX, radiusY, raggedness, texture, offset } = patch
  const reach = { x: radiusX * (1 + 1.6 * raggedness), y: radiusY * (1 + 1.6 * raggedness) }
  eachPixel(centre, reach, (index, x, y) => {
    const distance = Math.hypot((x - centre.x) / radiusX, (y - centre.y) / radiusY)
    const outline = distance + raggedness * textureAt(texture, x + offset.x, y + offset.y)
    canvas[index] =
      (canvas[index] ?? 0) +
      patch.strength * (1 - smoothStep(1 - patch.softness, 1 + patch.softness, outline))
  })
}

/** Adds a ring with soft edges. */
export function addRing(canvas: Canvas, centre: Point, radius: number, wall: number, strength: number): void {
  const reach = radius + 2 * wall
  eachPixel(centre, { x: reach, y: reach }, (index, x, y) => {
    const distance = (Math.hypot(x - centre.x, (y - centre.y) * 1.12) - radius) / wall
    canvas[index] = (canvas[index] ?? 0) + strength * Math.exp(-distance * distance)
  })
}
