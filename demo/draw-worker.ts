import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import sharp from 'sharp'
import { seededRandom } from '#lib/statistics/seeded-random.ts'
import { drawLevels, encodeLevels } from './draw-image.ts'
import type { DemoImage, DemoPatient } from './patients.ts'
import type { DatasetName } from './split.ts'
import { makeTextures } from './texture.ts'

export type DrawTask = { dataset: DatasetName; patient: DemoPatient; image: DemoImage; folder: string }

export type DrawOrder = { seed: number; tasks: DrawTask[] }

const { seed, tasks }: DrawOrder = workerData

// One thread a worker: the workers themselves use the cores.
sharp.concurrency(1)
const textures = makeTextures(seededRandom(seed))
for (const { dataset, patient, image, folder } of tasks) {
  await writeFile(path.join(folder, image.fileName), await encodeLevels(drawLevels(patient, image, textures)))
  parentPort?.postMessage(dataset)
}
