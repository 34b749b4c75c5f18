import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { seededRandom } from '#lib/statistics/seeded-random.ts'
import { modelCardSchema } from '#lib/vocabulary/model-card.ts'
import { drawLevels } from './draw-image.ts'
import { DEMO_FINDINGS } from './findings.ts'
import { planDatasets } from './make-dataset.ts'
import type { DemoPatient } from './patients.ts'
import { makeTextures } from './texture.ts'

const VERSIONS = ['v1', 'v2']
const MAX_MODEL_BYTES = 4 * 1024 * 1024

const trainingSchema = z.object({
  findingClasses: z.array(z.string()),
  images: z.object({ train: z.number(), val: z.number() }),
  skipped: z.object({ train: z.array(z.unknown()), val: z.array(z.unknown()) }),
})

const fileOf = (version: string, name: string) =>
  readFileSync(new URL(`./models/${version}/${name}`, import.meta.url))
const countImages = (patients: readonly DemoPatient[]) =>
  patients.reduce((sum, patient) => sum + patient.images.length, 0)

describe('the shipped model versions', () => {
  it.each(VERSIONS)('%s is a small lung-vit with the classes of the demo', (version) => {
    const card = modelCardSchema.parse(JSON.parse(fileOf(version, 'model.json').toString()))
    expect(card.name).toBe('lung-vit')
    expect(card.findingClasses).toEqual(DEMO_FINDINGS.map(({ findingClass }) => findingClass).sort())
    expect(fileOf(version, 'model.onnx').length).toBeLessThan(MAX_MODEL_BYTES)
  })

  it.each(VERSIONS)('%s was trained on as many images as seed 1 gives', (version) => {
    const { split } = planDatasets(1)
    const { images, skipped } = trainingSchema.parse(JSON.parse(fileOf(version, 'training.json').toString()))
    expect(images).toEqual({ train: countImages(split.train), val: countImages(split.val) })
    expect(skipped).toEqual({ train: [], val: [] })
  })

  it('learnt from the pictures that are drawn today: where they change, train again (README)', () => {
    const { split, textureSeed } = planDatasets(1)
    const textures = makeTextures(seededRandom(textureSeed))
    const digest = createHash('sha256')
    for (const { findingClass } of DEMO_FINDINGS) {
      for (const patient of split.train.filter((one) => one.findingClass === findingClass).slice(0, 3))
        for (const image of patient.images) digest.update(drawLevels(patient, image, textures))
    }
    expect(digest.digest('hex')).toBe('4ec5df8223863dceeb73315a184b22a47ba4839fbd413692f74d20cba6bbeb2c')
  })
})
