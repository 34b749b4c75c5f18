import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { seededRandom } from '#lib/statistics/seeded-random.ts'
import type { DrawOrder, DrawTask } from './draw-worker.ts'
import { DEMO_FINDINGS, type DemoFinding } from './findings.ts'
import { makePatients } from './patients.ts'
import { childSeed } from './random.ts'
import { DATASET_NAMES, type DatasetName, type Split, splitPatients } from './split.ts'

/** The first group is the patient: `north-lung-covid-01234_1.jpg` → 01234. */
export const DEMO_PATIENT_PATTERN = '-(\\d+)_\\d+\\.jpg$'

export type DemoOptions = {
  seed: number
  /** For tests: fewer patients. */
  findings?: readonly DemoFinding[]
  /** Threads to draw with; by default one a core, at most four. */
  threads?: number
}

export type DemoDatasets = Record<DatasetName, { folder: string; images: number; patients: number }>

/** Who is in which dataset. Without a picture drawn: the same seed always gives the same plan. */
export function planDatasets(seed: number, findings = DEMO_FINDINGS): { split: Split; textureSeed: number } {
  const random = seededRandom(seed)
  return { split: splitPatients(makePatients(findings, random), random), textureSeed: childSeed(random) }
}

/** Hidden, so that a dataset scan does not take it for a dataset while it fills. */
const UNFINISHED = '.demo-unfinished'

/**
 * Writes `<folder>/<dataset>/<finding class>/<file>` for the four datasets. The same seed gives the same bytes,
 * whatever the number of threads. A dataset appears when all of its images are drawn; one that is there already
 * is never mixed with, so an existing folder of a dataset's name is refused.
 */
export async function makeDemoDatasets(folder: string, options: DemoOptions): Promise<DemoDatasets> {
  const taken = DATASET_NAMES.find((name) => existsSync(path.join(folder, name)))
  if (taken !== undefined) throw new Error(`${path.join(folder, taken)} exists already`)
  const { split, textureSeed } = planDatasets(options.seed, options.findings)
  const unfinished = path.join(folder, UNFINISHED)
  await rm(unfinished, { recursive: true, force: true })
  const tasks = DATASET_NAMES.flatMap((name) => tasksOf(path.join(unfinished, name), split[name]))
  for (const target of new Set(tasks.map((task) => task.folder))) await mkdir(target, { recursive: true })
  await drawAll(tasks, textureSeed, options.threads ?? Math.min(4, availableParallelism()))
  for (const name of DATASET_NAMES) await rename(path.join(unfinished, name), path.join(folder, name))
  await rm(unfinished, { recursive: true })
  return {
    train: describe(folder, 'train', split),
    val: describe(folder, 'val', split),
    test: describe(folder, 'test', split),
    final_eval: describe(folder, 'final_eval', split),
  }
}

async function drawAll(tasks: readonly DrawTask[], seed: number, threads: number): Promise<void> {
  const shares = Array.from({ length: threads }, (_, thread) =>
    tasks.filter((_task, index) => index % threads === thread),
  )
  await Promise.all(shares.map((share) => drawInThread({ seed, tasks: share })))
}

function tasksOf(folder: string, patients: Split[DatasetName]): DrawTask[] {
  return patients.flatMap((patient) =>
    patient.images.map((image) => ({ patient, image, folder: path.join(folder, patient.findingClass) })),
  )
}

function describe(folder: string, name: DatasetName, split: Split): DemoDatasets[DatasetName] {
  const images = split[name].reduce((sum, patient) => sum + patient.images.length, 0)
  return { folder: path.join(folder, name), images, patients: split[name].length }
}

function drawInThread(order: DrawOrder): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./draw-worker.ts', import.meta.url), { workerData: order })
    worker.once('error', reject)
    worker.once('exit', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`a thread that draws demo images ended with code ${code}`))
    })
  })
}
