import { seededRandom } from '#lib/statistics/seeded-random.ts'
import { blankCanvas, type Canvas, clamp01, SIDE } from './canvas.ts'
import { DRAW_APPEARANCE, type OctAppearance } from './oct-findings.ts'
import { EPITHELIUM, makeRetina, type Retina, surfaceAt } from './oct-retina.ts'
import { between, type Random, whole } from './random.ts'
import { type Textures, textureAt } from './texture.ts'

export type OctScene = {
  appearance: OctAppearance
  severity: number
  /** Same seed, same eye with the same findings. */
  patientSeed: number
  /** Same seed, same scan. */
  imageSeed: number
}

/** One cross-section through the macula. */
export function drawOct(scene: OctScene, textures: Textures): Canvas {
  const eye = seededRandom(scene.patientSeed)
  const finding = seededRandom(scene.patientSeed + 1)
  const scan = seededRandom(scene.imageSeed)
  const retina = makeRetina(eye, scan, textures)
  const spots = blankCanvas()
  const { severity } = scene
  DRAW_APPEARANCE[scene.appearance]({ retina, spots, random: finding, textures, severity })
  const canvas = blankCanvas()
  const shade = columnShade(finding)
  const deep = { x: whole(eye, 0, 511), y: whole(eye, 0, 511) }
  const choroid = between(eye, 26, 62)
  for (let x = 0; x < SIDE; x += 1)
    drawColumn(canvas, retina, x, { shade: shade[x] ?? 1, choroid, deep, textures })
  develop(canvas, spots, textures, scan)
  return canvas
}

type Column = { shade: number; choroid: number; deep: { x: number; y: number }; textures: Textures }

/** From the vitreous down: layers as (bottom row, brightness), each blended into the next over a pixel or two. */
function drawColumn(canvas: Canvas, retina: Retina, x: number, column: Column): void {
  const { shade, choroid, deep, textures } = column
  const layers = layersOf(retina, x, choroid)
  const floor = retina.floor[x] ?? 0
  let current = 0
  for (let y = 0; y < SIDE; y += 1) {
    while (current < layers.length - 1 && y >= (layers[current]?.bottom ?? SIDE)) current += 1
    const layer = layers[current]
    const next = layers[current + 1]
    if (layer === undefined) continue
    const left = layer.bottom - y
    let light = next !== undefined && left < 1 ? layer.light * left + next.light * (1 - left) : layer.light
    if (y > floor) {
      // Large dark vessels in the choroid, and light that gets lost on its way down.
      const vessel = textureAt(textures.medium, x + deep.x, y + deep.y)
      light *= (1 - 0.28 * Math.max(0, vessel)) * Math.exp(-(y - floor) / 70)
    }
    canvas[y * SIDE + x] = current === 0 ? light : light * shade
  }
}

function layersOf(retina: Retina, x: number, choroid: number): { bottom: number; light: number }[] {
  const at = (surface: Float32Array) => surface[x] ?? 0
  const surface = surfaceAt(retina, x)
  const inner = at(retina.inner)
  const outerTop = surface + inner
  const receptorTop = outerTop + at(retina.outer)
  const whole = at(retina.receptors)
  const floor = at(retina.floor)
  const epithelium = floor - at(retina.lift)
  const layers = [
    { bottom: surface, light: 0.04 },
    { bottom: surface + Math.min(inner, 2 + 0.2 * inner), light: 0.72 },
    { bottom: surface + 0.62 * inner, light: 0.5 },
    { bottom: surface + 0.84 * inner, light: 0.33 },
    { bottom: outerTop, light: 0.52 },
    { bottom: receptorTop - 11, light: 0.24 },
    { bottom: receptorTop - 7, light: 0.24 + 0.52 * whole },
    { bottom: receptorTop, light: 0.42 },
    { bottom: epithelium - EPITHELIUM, light: 0.06 },
    { bottom: epithelium, light: 0.92 },
    { bottom: floor, light: retina.liftBrightness },
    { bottom: floor + 2, light: 0.62 },
    { bottom: floor + choroid, light: 0.6 },
    { bottom: SIDE, light: 0.42 },
  ]
  // A layer without thickness (no fluid, nothing lifted) would leave its colour in the seam of its neighbours.
  return layers.filter(({ bottom }, index) => index === 0 || bottom > (layers[index - 1]?.bottom ?? 0))
}

/** Retinal vessels throw shadows on everything beneath them. */
function columnShade(random: Random): Float32Array {
  const shade = new Float32Array(SIDE).fill(1)
  const vessels = whole(random, 2, 5)
  for (let vessel = 0; vessel < vessels; vessel += 1) {
    const from = whole(random, 0, SIDE - 1)
    const to = from + whole(random, 2, 5)
    const dark = between(random, 0.6, 0.85)
    for (let x = from; x < to && x < SIDE; x += 1) shade[x] = (shade[x] ?? 1) * dark
  }
  return shade
}

/** Adds the spots, then speckle, which grows with the signal, and the scanner's own noise. */
function develop(canvas: Canvas, spots: Canvas, textures: Textures, random: Random): void {
  const speckle = between(random, 0.12, 0.3)
  const noise = between(random, 0.02, 0.055)
  const gain = between(random, 0.72, 1.02)
  const { x: shiftX, y: shiftY } = { x: whole(random, 0, 511), y: whole(random, 0, 511) }
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      const index = y * SIDE + x
      const light = Math.max(0.05, (canvas[index] ?? 0) + (spots[index] ?? 0))
      const coherent = 1 + speckle * textureAt(textures.fine, x + shiftX, (y << 1) + shiftY)
      const grain = noise * textureAt(textures.grain, x + shiftY, y + shiftX)
      canvas[index] = clamp01(gain * light * coherent + grain)
    }
  }
}
