import { seededRandom } from '#lib/statistics/seeded-random.ts'
import { blankCanvas, type Canvas, clamp01, SIDE } from './canvas.ts'
import { type ChestAnatomy, drawAnatomy, posed } from './chest-anatomy.ts'
import { drawBody, makeLungMask } from './chest-body.ts'
import { drawBones } from './chest-bones.ts'
import { type ChestAppearance, DRAW_APPEARANCE } from './chest-findings.ts'
import { drawVessels } from './chest-vessels.ts'
import { bell, between, chance, type Random, whole } from './random.ts'
import { type Textures, textureAt } from './texture.ts'

export type ChestScene = {
  appearance: ChestAppearance
  severity: number
  /** Same seed, same person with the same findings. */
  patientSeed: number
  /** Same seed, same exposure. */
  imageSeed: number
}

/** One frontal radiograph. */
export function drawChest(scene: ChestScene, textures: Textures): Canvas {
  const body = seededRandom(scene.patientSeed)
  const finding = seededRandom(scene.patientSeed + 1)
  const image = seededRandom(scene.imageSeed)
  const anatomy = posed(drawAnatomy(body), image)
  const lungs = makeLungMask(anatomy)
  const canvas = blankCanvas()
  const shadows = blankCanvas()
  drawBody(canvas, anatomy, lungs)
  drawBones(canvas, anatomy, body)
  drawVessels(shadows, anatomy, body, between(body, 0.6, 1.25))
  const { severity } = scene
  DRAW_APPEARANCE[scene.appearance]({ shadows, anatomy, random: finding, textures, severity })
  expose(canvas, shadows, lungs, textures, image)
  drawMarker(canvas, anatomy, image)
  return canvas
}

/** Puts the shadows into the lungs and takes the picture: haze, contrast, grain, and the edge of the plate. */
function expose(canvas: Canvas, shadows: Canvas, lungs: Canvas, textures: Textures, random: Random): void {
  const brightness = 0.05 * bell(random)
  const contrast = 1 + 0.13 * bell(random)
  const haze = between(random, 0, 0.07)
  const grain = between(random, 0.006, 0.02)
  const mottle = between(random, 0.006, 0.018)
  const [shiftX, shiftY] = [whole(random, 0, 511), whole(random, 0, 511)]
  const border = chance(random, 0.3) ? whole(random, 2, 14) : 0
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      const index = y * SIDE + x
      const tissue = canvas[index] ?? 0
      if (x < border || x >= SIDE - border) {
        canvas[index] = 0.02
        continue
      }
      const air = lungs[index] ?? 0
      // What is bright already can hardly become brighter: rays that do not arrive cannot be stopped again.
      const shadow = (shadows[index] ?? 0) * air
      const light = tissue + shadow * (1.15 - 0.6 * tissue) + haze * (1 - tissue)
      const noise =
        grain * textureAt(textures.grain, x + shiftX, y + shiftY) +
        mottle * textureAt(textures.medium, x + shiftY, y + shiftX)
      canvas[index] = clamp01(
        0.5 +
          (light - 0.5 + brightness * Math.min(1, 3 * tissue)) * contrast +
          noise * Math.min(1, 0.3 + 2 * tissue),
      )
    }
  }
}

/** The side marker that radiographers lay on the plate: an L on a grey field. */
function drawMarker(canvas: Canvas, anatomy: ChestAnatomy, random: Random): void {
  if (chance(random, 0.35)) return
  const left = whole(random, 222, 240)
  const top = whole(random, 6, Math.max(8, Math.round(anatomy.apex)))
  for (let y = 0; y < 11; y += 1) {
    for (let x = 0; x < 7; x += 1) {
      const ink = x < 2 || y > 8
      if (ink) canvas[(top + y) * SIDE + left + x] = 0.95
    }
  }
}
