import { bump, type Canvas, SIDE } from './canvas.ts'
import { BODY_SIDES, type BodySide, baseOf, type ChestAnatomy, middleAt, outerEdge } from './chest-anatomy.ts'
import { between, type Random } from './random.ts'

const RIBS = 10
/** Those above the costal arch come round to the breastbone within the picture. */
const RIBS_IN_FRONT = 7

/** A course across one half of the chest, in pixels from its middle. */
type Bone = {
  side: BodySide
  from: number
  to: number
  /** Half its thickness. */
  half: number
  strength: number
  /** Row at a part (0 to 1) of the way. */
  heightAt: (part: number) => number
}

/** Spine, windpipe, ribs and collar bones, added to the soft tissue. */
export function drawBones(canvas: Canvas, anatomy: ChestAnatomy, random: Random): void {
  const strength = between(random, 0.045, 0.11)
  drawSpine(canvas, anatomy, random)
  for (const side of BODY_SIDES) {
    drawRibs(canvas, anatomy, side, strength, random)
    drawClavicle(canvas, anatomy, side, 1.3 * strength, random)
  }
}

function drawSpine(canvas: Canvas, anatomy: ChestAnatomy, random: Random): void {
  const spacing = between(random, 14, 17)
  const strength = between(random, 0.01, 0.035)
  for (let y = 0; y < SIDE; y += 1) {
    const middle = middleAt(anatomy, y)
    const vertebra = 1 + 0.5 * Math.sin((2 * Math.PI * y) / spacing)
    const windpipe = y < anatomy.apex + 55 ? 0.07 : 0
    for (let x = Math.max(0, Math.round(middle - 20)); x < Math.min(SIDE, middle + 20); x += 1) {
      const index = y * SIDE + x
      const bone = strength * vertebra * bump(x, middle, 11)
      canvas[index] = (canvas[index] ?? 0) + bone - windpipe * bump(x, middle - 1, 5)
    }
  }
}

/** Behind, a rib leaves the spine level and drops at the chest wall; in front it comes back steeply and fainter. */
function drawRibs(
  canvas: Canvas,
  anatomy: ChestAnatomy,
  side: BodySide,
  strength: number,
  random: Random,
): void {
  const height = baseOf(anatomy, side) - anatomy.apex
  const spacing = height / between(random, 7.6, 8.6)
  for (let rib = 0; rib < RIBS; rib += 1) {
    const start = anatomy.apex + (rib - 0.1) * spacing
    const reach = outerEdge(anatomy, (start - anatomy.apex) / height + 0.12) + 3
    const drop = between(random, 24, 30) + rib
    drawBone(canvas, anatomy, {
      side,
      from: 16,
      to: reach,
      half: 3.4,
      strength,
      heightAt: (part) => start - 8 * Math.sin(Math.PI * part * 0.8) + drop * part ** 3,
    })
    if (rib >= RIBS_IN_FRONT) continue
    drawBone(canvas, anatomy, {
      side,
      from: 0.4 * reach,
      to: reach,
      half: 4.2,
      strength: 0.5 * strength,
      heightAt: (part) => start + drop + (1 - part) * 34 - 6 * part,
    })
  }
}

function drawClavicle(
  canvas: Canvas,
  anatomy: ChestAnatomy,
  side: BodySide,
  strength: number,
  random: Random,
): void {
  const start = anatomy.apex + between(random, 8, 18)
  const rise = between(random, 14, 26)
  const bow = between(random, 2, 6)
  drawBone(canvas, anatomy, {
    side,
    from: 10,
    to: anatomy.width * 1.05,
    half: 4.5,
    strength,
    heightAt: (part) => start - rise * part + bow * Math.sin(2 * Math.PI * part),
  })
}

/** A bone seen from the side: brighter at both edges, where the rays pass along its rim. */
function drawBone(canvas: Canvas, anatomy: ChestAnatomy, bone: Bone): void {
  const { side, from, to, half, strength, heightAt } = bone
  for (let distance = from; distance < to; distance += 1) {
    const part = (distance - from) / (to - from)
    const centre = heightAt(part)
    const x = Math.round(middleAt(anatomy, centre) + side * distance)
    if (x < 0 || x >= SIDE) continue
    const fade = Math.min(1, part * 8, (1 - part) * 10 + 0.3)
    const bottom = Math.min(SIDE - 1, centre + half + 2)
    for (let y = Math.max(0, Math.ceil(centre - half - 2)); y <= bottom; y += 1) {
      const off = Math.abs(y - centre)
      const inside = off < half ? 0.65 : 0
      const index = y * SIDE + x
      canvas[index] = (canvas[index] ?? 0) + strength * fade * (inside + 0.6 * bump(off, half, 1.2))
    }
  }
}
