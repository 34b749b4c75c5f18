import {
  addPatch,
  addRing,
  addSpot,
  type Canvas,
  type Patch,
  type Point,
  SIDE,
  smoothStep,
} from './canvas.ts'
import { BODY_SIDES, type BodySide, baseOf, type ChestAnatomy, placeInLung } from './chest-anatomy.ts'
import { bell, between, chance, type Random, whole } from './random.ts'
import { type Textures, textureAt } from './texture.ts'

/** What a lung can look like; a finding class looks like its own most of the time, and like a neighbour's at others. */
export type ChestAppearance = 'clear' | 'peripheral' | 'focal' | 'interstitial' | 'apical'

export type LungFindings = {
  /** Added to the lungs, in brightness. */
  shadows: Canvas
  anatomy: ChestAnatomy
  random: Random
  textures: Textures
  /** 0 hardly visible, 1 both lungs full. */
  severity: number
}

export const DRAW_APPEARANCE: Record<ChestAppearance, (findings: LungFindings) => void> = {
  clear: () => {},
  peripheral: drawPeripheral,
  focal: drawFocal,
  interstitial: drawInterstitial,
  apical: drawApical,
}

/** Many faint clouds on both sides, along the ribs and low down. */
function drawPeripheral(findings: LungFindings): void {
  const { random, severity } = findings
  for (const side of BODY_SIDES) {
    const count = 2 + Math.round(3 * severity * between(random, 0.6, 1.3))
    for (let patch = 0; patch < count; patch += 1) {
      const place = { across: 0.82 + 0.12 * bell(random), depth: 0.7 + 0.2 * bell(random) }
      const size = between(random, 11, 17) + 11 * severity
      addCloud(findings, side, place, { size, strength: 0.075 + 0.11 * severity, softness: 0.5 })
    }
  }
  addMesh(findings, 0.02 + 0.03 * severity)
}

/** One dense area in one lung; the costophrenic angle may be filled. */
function drawFocal(findings: LungFindings): void {
  const { random, severity } = findings
  const side: BodySide = chance(random, 0.58) ? -1 : 1
  const place = { across: 0.45 + 0.22 * bell(random), depth: 0.66 + 0.2 * bell(random) }
  const size = between(random, 17, 25) + 17 * severity
  addCloud(findings, side, place, { size, strength: 0.15 + 0.15 * severity, softness: 0.55 })
  if (chance(random, 0.5)) {
    const near = { across: place.across + 0.2 * bell(random), depth: place.depth + 0.1 * bell(random) }
    addCloud(findings, side, near, { size: 0.6 * size, strength: 0.1 + 0.1 * severity, softness: 0.5 })
  }
  if (chance(random, 0.25)) addFluid(findings, side, between(random, 0.05, 0.1) + 0.14 * severity)
}

/** Both lungs streaky and hazy from their roots outwards. */
function drawInterstitial(findings: LungFindings): void {
  const { random, severity } = findings
  addMesh(findings, 0.05 + 0.085 * severity)
  for (const side of BODY_SIDES) {
    for (let patch = 0; patch < 3; patch += 1) {
      const place = { across: 0.24 + 0.14 * bell(random), depth: 0.55 + 0.17 * bell(random) }
      const size = between(random, 15, 24) + 11 * severity
      addCloud(findings, side, place, { size, strength: 0.045 + 0.085 * severity, softness: 0.7 })
    }
  }
}

/** Clouds, small nodules and hollows near the top of one lung, often of both. */
function drawApical(findings: LungFindings): void {
  const { random, severity, anatomy, shadows } = findings
  const first: BodySide = chance(random, 0.55) ? -1 : 1
  const sides = chance(random, 0.45) ? BODY_SIDES : [first]
  for (const side of sides) {
    const place = { across: 0.5 + 0.2 * bell(random), depth: 0.22 + 0.09 * bell(random) }
    addCloud(findings, side, place, {
      size: between(random, 13, 18) + 9 * severity,
      strength: 0.09 + 0.15 * severity,
      softness: 0.6,
    })
    const nodules = whole(random, 4, 9 + Math.round(12 * severity))
    for (let nodule = 0; nodule < nodules; nodule += 1) {
      const at = placeInLung(anatomy, side, between(random, 0.1, 0.9), Math.abs(0.25 + 0.2 * bell(random)))
      addSpot(shadows, at, between(random, 1.8, 4), between(random, 0.07, 0.17))
    }
    if (chance(random, 0.3 + 0.4 * severity)) addCavity(findings, side)
  }
}

function addCavity({ shadows, anatomy, random }: LungFindings, side: BodySide): void {
  const at = placeInLung(anatomy, side, between(random, 0.35, 0.7), between(random, 0.15, 0.36))
  const radius = between(random, 7, 13)
  addSpot(shadows, at, radius * 0.8, -0.12)
  addRing(shadows, at, radius, between(random, 2, 3.2), between(random, 0.14, 0.22))
}

function addCloud(
  { shadows, anatomy, random, textures }: LungFindings,
  side: BodySide,
  place: { across: number; depth: number },
  look: { size: number; strength: number; softness: number },
): void {
  const offset = randomOffset(random)
  const patch: Patch = {
    centre: placeInLung(anatomy, side, place.across, place.depth),
    radiusX: look.size * between(random, 0.75, 1.1),
    radiusY: look.size * between(random, 0.8, 1.3),
    strength: look.strength * between(random, 0.85, 1.15),
    softness: look.softness,
    raggedness: 0.3,
    texture: textures.medium,
    offset,
  }
  addPatch(shadows, patch)
}

/** Fine bright threads all over the lungs, densest around their roots. */
function addMesh({ shadows, anatomy, random, textures }: LungFindings, strength: number): void {
  const offset = randomOffset(random)
  const cloud = randomOffset(random)
  const top = Math.max(0, Math.floor(anatomy.apex))
  for (let y = top; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      const thread = 1 - Math.min(1, 1.4 * Math.abs(textureAt(textures.fine, x + offset.x, y + offset.y)))
      const density = 0.7 + 0.5 * textureAt(textures.coarse, x + cloud.x, y + cloud.y)
      if (density > 0)
        shadows[y * SIDE + x] = (shadows[y * SIDE + x] ?? 0) + strength * density * (thread + 0.25)
    }
  }
}

/** Fluid stands at the bottom of a lung and climbs its outer wall. */
function addFluid({ shadows, anatomy }: LungFindings, side: BodySide, height: number): void {
  const bottom = baseOf(anatomy, side)
  const tall = height * (bottom - anatomy.apex)
  for (let y = Math.floor(bottom - 3 * tall); y < Math.min(SIDE, bottom + 60); y += 1) {
    for (let distance = 20; distance < anatomy.width + 6; distance += 1) {
      const level = bottom - tall * (0.2 + 1.6 * (distance / anatomy.width) ** 3)
      const x = Math.round(anatomy.centre + side * distance)
      if (y < 0 || x < 0 || x >= SIDE) continue
      shadows[y * SIDE + x] = (shadows[y * SIDE + x] ?? 0) + 0.32 * smoothStep(-6, 6, y - level)
    }
  }
}

function randomOffset(random: Random): Point {
  return { x: whole(random, 0, 511), y: whole(random, 0, 511) }
}
