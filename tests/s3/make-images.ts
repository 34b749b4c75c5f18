import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'

const CLASSES = ['lung-covid', 'lung-normal', 'lung-pneumonia']
export const AWKWARD_NAMES = [
  'with space.png',
  'plus+plus.png',
  'hash#.png',
  'slash%2Fslash.png',
  'käfer-肺.png',
]
const RADIOGRAPHS = path.resolve('../shared/xray/val')

/** Grey noise with a bright disc: no two alike, the same at every run. */
export async function synthesise(seed: number): Promise<Buffer<ArrayBuffer>> {
  const [width, height] = [120 + (seed % 7), 100 + (seed % 5)]
  const pixels = Buffer.alloc(width * height)
  let state = seed * 2_654_435_761
  for (let at = 0; at < pixels.length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const inDisc = Math.hypot((at % width) - 60, Math.floor(at / width) - 50) < 20 + (seed % 20)
    pixels[at] = (state >>> 26) + (inDisc ? 150 : 20)
  }
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer()
}

/** `<finding class>/<file>`: synthetic images under awkward names, and real radiographs where they are at hand. */
export async function makeImages(): Promise<Map<string, Buffer>> {
  const images = new Map<string, Buffer>()
  for (const [index, findingClass] of CLASSES.entries()) {
    const names = [...AWKWARD_NAMES, ...Array.from({ length: 5 }, (_, number) => `plain-${number}.png`)]
    for (const [place, name] of names.entries())
      images.set(`${findingClass}/${name}`, await synthesise(index * 100 + place))
    const folder = path.join(RADIOGRAPHS, findingClass)
    const real = existsSync(folder) ? readdirSync(folder).slice(0, 10) : []
    for (const name of real) images.set(`${findingClass}/${name}`, readFileSync(path.join(folder, name)))
  }
  images.set('lung-normal/no-image.png', Buffer.from('no image'))
  return images
}
