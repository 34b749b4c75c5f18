import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { seededRandom } from '#lib/statistics/seeded-random.ts'

/** A kind of image that hospitals send: small exports and full-size greyscale. */
export type ImageKind = { name: 'jpeg-256' | 'png-1024'; side: number; format: 'jpeg' | 'png' }

export const IMAGE_KINDS: ImageKind[] = [
  { name: 'jpeg-256', side: 256, format: 'jpeg' },
  { name: 'png-1024', side: 1024, format: 'png' },
]

/** Film grain in grey levels: without it a PNG would be a tenth of a radiograph's size and decode too fast. */
const GRAIN_LEVELS = 6

/** A dataset folder of synthetic greyscale images, the same for the same seed, spread evenly over the classes. */
export async function makeImages(
  folder: string,
  kind: ImageKind,
  options: { count: number; findingClasses: readonly string[]; seed: number },
): Promise<void> {
  const { count, findingClasses, seed } = options
  for (const name of findingClasses) mkdirSync(path.join(folder, name), { recursive: true })
  for (let number = 0; number < count; number++) {
    const pixels = drawChest(kind.side, seededRandom(seed + number))
    const image = sharp(pixels, { raw: { width: kind.side, height: kind.side, channels: 1 } })
      .toColourspace('b-w')
      .toFormat(kind.format, kind.format === 'jpeg' ? { quality: 90 } : { compressionLevel: 6 })
    const findingClass = findingClasses[number % findingClasses.length] ?? ''
    const extension = kind.format === 'jpeg' ? 'jpg' : 'png'
    writeFileSync(path.join(folder, findingClass, `${number}.${extension}`), await image.toBuffer())
  }
}

type Field = { x: number; y: number; width: number; height: number; depth: number }

/** A bright body with two dark lung fields at random places, and grain: no radiograph, but one's statistics. */
function drawChest(side: number, random: () => number): Uint8Array {
  const lung = (x: number): Field => ({
    x: x + 0.06 * (random() - 0.5),
    y: 0.45 + 0.1 * (random() - 0.5),
    width: 0.13 + 0.05 * random(),
    height: 0.26 + 0.1 * random(),
    depth: 70 + 60 * random(),
  })
  const fields = [lung(0.3), lung(0.7)]
  const brightness = 150 + 60 * random()
  const pixels = new Uint8Array(side * side)
  for (let row = 0, at = 0; row < side; row++) {
    for (let column = 0; column < side; column++, at++) {
      const grain = GRAIN_LEVELS * (random() + random() - 1)
      pixels[at] = Math.max(0, brightness + grain - shadow(fields, column / side, row / side))
    }
  }
  return pixels
}

function shadow(fields: readonly Field[], x: number, y: number): number {
  let sum = 0
  for (const field of fields)
    sum += field.depth * Math.exp(-(((x - field.x) / field.width) ** 2) - ((y - field.y) / field.height) ** 2)
  return sum
}
