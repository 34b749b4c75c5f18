import { addSpot, type Canvas, type Point } from './canvas.ts'
import { BODY_SIDES, type ChestAnatomy, placeInLung } from './chest-anatomy.ts'
import { bell, between, type Random } from './random.ts'

/** Vessels that leave the root of each lung, branch and thin out; `strength` 1 is a healthy person's. */
export function drawVessels(canvas: Canvas, anatomy: ChestAnatomy, random: Random, strength: number): void {
  for (const side of BODY_SIDES) {
    const root = placeInLung(anatomy, side, 0.1, 0.5)
    addSpot(canvas, root, between(random, 10, 16), 0.05 * strength)
    for (let branch = 0; branch < 11; branch += 1) {
      // Half a turn away from the heart, most of it downwards, where most of the lung is.
      const angle = -1.25 + (branch / 10) * 2.6 + 0.12 * bell(random)
      const start = { x: root.x + 5 * bell(random), y: root.y + 9 * bell(random) }
      drawBranch(canvas, start, { angle, side, width: between(random, 1.6, 2.7) }, random, strength)
    }
  }
}

function drawBranch(
  canvas: Canvas,
  from: Point,
  course: { angle: number; side: number; width: number },
  random: Random,
  strength: number,
): void {
  let { x, y } = from
  let { angle, width } = course
  const steps = Math.round(between(random, 22, 40))
  for (let step = 0; step < steps; step += 1) {
    angle += 0.09 * bell(random)
    width *= 0.975
    x += course.side * Math.cos(angle) * 2
    y += Math.sin(angle) * 2
    addSpot(
      canvas,
      { x, y },
      width,
      0.055 * strength * (1 - step / (steps + 4)) * Math.min(1, (step + 2) / 8),
    )
    if (step === Math.floor(steps / 2) && width > 1.3)
      drawBranch(canvas, { x, y }, { ...course, angle: angle + 0.6 * bell(random), width }, random, strength)
  }
}
