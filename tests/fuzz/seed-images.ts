import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { seededRandom } from '#lib/statistics/seeded-random.ts'
import { SIDE } from '../../demo/canvas.ts'
import { drawLevels, encodeLevels } from '../../demo/draw-image.ts'
import { DEMO_FINDINGS } from '../../demo/findings.ts'
import { makePatients } from '../../demo/patients.ts'
import { makeTextures } from '../../demo/texture.ts'

const RADIOGRAPHS = path.resolve('../shared/xray/val')
const RADIOGRAPHS_PER_CLASS = 4

/** What is mutated: one picture in every kind of file that the decode policy accepts, and radiographs where they are. */
export async function makeSeedImages(): Promise<Buffer[]> {
  const random = seededRandom(1)
  const [patient] = makePatients(DEMO_FINDINGS, random)
  const [image] = patient?.images ?? []
  if (patient === undefined || image === undefined) throw new Error('The demo has no patient.')
  const levels = drawLevels(patient, image, makeTextures(random))
  return [await encodeLevels(levels), ...(await otherKinds(levels)), ...readCases(), ...readRadiographs()]
}

function otherKinds(levels: Uint8Array): Promise<Buffer[]> {
  const grey = () =>
    sharp(levels, { raw: { width: SIDE, height: SIDE, channels: 1 } })
      .resize(96, 80)
      .toColourspace('b-w')
  const rgb = () => grey().toColourspace('srgb').tint('#c08040')
  return Promise.all([
    grey().jpeg({ progressive: true }).toBuffer(),
    grey()
      .jpeg({ optimiseCoding: true })
      .withExif({ IFD0: { Orientation: '6' } })
      .toBuffer(),
    rgb().jpeg({ chromaSubsampling: '4:2:0' }).toBuffer(),
    rgb().jpeg({ chromaSubsampling: '4:4:4', progressive: true }).withIccProfile('p3').toBuffer(),
    rgb().toColourspace('cmyk').jpeg().toBuffer(),
    grey().png().toBuffer(),
    grey().png({ progressive: true }).toBuffer(),
    grey().toColourspace('grey16').png().toBuffer(),
    rgb().png().withMetadata({ orientation: 5 }).toBuffer(),
    rgb().ensureAlpha(0.4).png().toBuffer(),
    rgb().ensureAlpha(0.4).toColourspace('rgb16').png({ progressive: true }).toBuffer(),
    rgb().ensureAlpha(0.4).png({ palette: true, colours: 16 }).toBuffer(),
    grey().threshold(120).png({ palette: true, colours: 2 }).toBuffer(),
  ])
}

/** Coded in ways that no encoder here writes. */
function readCases(): Buffer[] {
  const names = ['arithmetic.jpg', 'lossless.jpg', 'exif-prefix-twice.jpg', 'twelve-bits-in-sixteen.png']
  return names.map((name) => readFileSync(path.resolve('tests/cases', name)))
}

function readRadiographs(): Buffer[] {
  if (!existsSync(RADIOGRAPHS)) return []
  return readdirSync(RADIOGRAPHS).flatMap((findingClass) => {
    const folder = path.join(RADIOGRAPHS, findingClass)
    const names = readdirSync(folder).sort().slice(0, RADIOGRAPHS_PER_CLASS)
    return names.map((name) => readFileSync(path.join(folder, name)))
  })
}
