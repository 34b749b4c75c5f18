import { addPatch, addSpot, type Canvas, type Point, SIDE } from './canvas.ts'
import { addHill, type Retina, surfaceAt } from './oct-retina.ts'
import { bell, between, chance, type Random, whole } from './random.ts'
import { type Textures, textureAt } from './texture.ts'

/** What a macula can look like; a finding class looks like its own most of the time. */
export type OctAppearance = 'healthy' | 'neovascular' | 'oedema' | 'drusen'

export type MaculaFindings = {
  retina: Retina
  /** Added to the layers: dark cysts, bright exudates. */
  spots: Canvas
  random: Random
  textures: Textures
  severity: number
}

export const DRAW_APPEARANCE: Record<OctAppearance, (findings: MaculaFindings) => void> = {
  healthy: () => {},
  neovascular: drawNeovascular,
  oedema: drawOedema,
  drusen: drawDrusen,
}

/** Vessels grow from beneath: a bright, ragged mound, fluid around it, photoreceptors gone above it. */
function drawNeovascular({ retina, spots, random, textures, severity }: MaculaFindings): void {
  const centre = 128 + 24 * bell(random)
  const width = between(random, 20, 32) + 26 * severity
  const height = between(random, 7, 13) + 26 * severity
  addHill(retina.lift, centre, width, height)
  addHill(retina.lift, centre + width * bell(random), width * 0.5, height * 0.4)
  const row = whole(random, 0, 511)
  for (let x = 0; x < SIDE; x += 1) {
    const lifted = Math.min(1, (retina.lift[x] ?? 0) / height)
    const rough = 1 + 0.25 * textureAt(textures.medium, x, row)
    retina.lift[x] = Math.max(0, (retina.lift[x] ?? 0) * rough)
    retina.receptors[x] = Math.max(0, 1 - 1.2 * lifted)
  }
  retina.liftBrightness = between(random, 0.45, 0.75)
  if (chance(random, 0.65))
    addHill(
      retina.fluid,
      centre + 0.8 * width * bell(random),
      width * 0.9,
      between(random, 5, 10) + 12 * severity,
    )
  if (chance(random, 0.3))
    addCysts({ retina, spots, random, textures, severity }, whole(random, 1, 4), centre)
}

/** Leaking vessels: the layers swell around dark cysts, with bright exudates. */
function drawOedema(findings: MaculaFindings): void {
  const { retina, spots, random, severity } = findings
  const centre = 128 + 20 * bell(random)
  const width = between(random, 38, 60) + 30 * severity
  addHill(retina.inner, centre, width, between(random, 6, 13) + 34 * severity)
  addHill(retina.outer, centre, width, between(random, 3, 7) + 14 * severity)
  addCysts(findings, Math.round(between(random, 3, 6) + 11 * severity), centre)
  const exudates = Math.round(between(random, 0, 4) + 5 * severity)
  for (let exudate = 0; exudate < exudates; exudate += 1) {
    const x = centre + width * bell(random)
    addSpot(spots, inLayers(retina, x, between(random, 0.35, 0.9)), between(random, 1.5, 3), 0.45)
  }
  if (chance(random, 0.22)) addHill(retina.fluid, centre, width * 0.6, 4 + 10 * severity)
}

/** Deposits under the epithelium lift it in small waves. */
function drawDrusen({ retina, random, severity }: MaculaFindings): void {
  const count = Math.round(between(random, 3, 6) + 8 * severity)
  const centre = 128 + 22 * bell(random)
  for (let druse = 0; druse < count; druse += 1) {
    const at = centre + between(random, 34, 62) * bell(random)
    const width = between(random, 5, 9) + 7 * severity * random()
    const height = between(random, 3, 6) + 8 * severity * random()
    addHill(retina.lift, at, width, height)
    // The layers above give way: the surface of the retina stays almost even.
    addHill(retina.outer, at, width, -0.55 * height)
  }
  retina.outer = retina.outer.map((height) => Math.max(14, height))
  retina.liftBrightness = between(random, 0.42, 0.6)
}

function addCysts(
  { retina, spots, random, textures, severity }: MaculaFindings,
  count: number,
  centre: number,
): void {
  for (let cyst = 0; cyst < count; cyst += 1) {
    const x = centre + 30 * bell(random)
    addPatch(spots, {
      centre: inLayers(retina, x, between(random, 0.25, 0.75)),
      radiusX: between(random, 3, 6) + 7 * severity * random(),
      radiusY: between(random, 3.5, 6) + 9 * severity * random(),
      strength: -0.42,
      softness: 0.2,
      raggedness: 0.1,
      texture: textures.medium,
      offset: { x: whole(random, 0, 511), y: whole(random, 0, 511) },
    })
  }
}

/** A place between the retina's surface (0) and its photoreceptors (1). */
function inLayers(retina: Retina, x: number, part: number): Point {
  const column = Math.min(SIDE - 1, Math.max(0, Math.round(x)))
  const thickness = (retina.inner[column] ?? 0) + (retina.outer[column] ?? 0)
  return { x, y: surfaceAt(retina, column) + part * thickness }
}
