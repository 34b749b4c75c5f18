import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { seededRandom } from '#lib/statistics/seeded-random.ts'
import { DEMO_FINDINGS, type DemoFinding } from './findings.ts'
import { makePatients } from './patients.ts'
import { childSeed } from './random.ts'
import type { RenderOrder, RenderTask } from './render-worker.ts'
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

/**
 * Writes `<folder>/<dataset>/<finding class>/<file>` for the four datasets. The same seed gives the same bytes,
 * whatever the number of threads. Files of the same name are replaced; others are left alone.
 */
export async function makeDemoDatasets(folder: string, options: DemoOptions): Promise<DemoDatasets> {
  const { split, textureSeed } = planDatasets(options.seed, options.findings)
  const tasks = DATASET_NAMES.flatMap((name) => tasksOf(path.join(folder, name), split[name]))
  for (const target of new Set(tasks.map((task) => task.folder))) await mkdir(target, { recursive: true })
  const threads = options.threads ?? Math.min(4, availableParallelism())
  await Promise.all(
    Array.from({ length: threads }, (_, thread) =>
      render({ seed: textureSeed, tasks: tasks.filter((_task, index) => index % threads === thread) }),
    ),
  )
  const described = DATASET_NAMES.map((name) => [name, describe(path.join(folder, name), split[name])])
  return Object.fromEntries(described)
}

function tasksOf(folder: string, patients: Split[DatasetName]): RenderTask[] {
  return patients.flatMap((patient) =>
    patient.images.map((image) => ({ patient, image, folder: path.join(folder, patient.findingClass) })),
  )
}

function describe(folder: string, patients: Split[DatasetName]): DemoDatasets[DatasetName] {
  const images = patients.reduce((sum, patient) => sum + patient.images.length, 0)
  return { folder, images, patients: patients.length }
}

function render(order: RenderOrder): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./render-worker.ts', import.meta.url), { workerData: order })
    worker.once('error', reject)
    worker.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`drawing the demo images ended with code ${code}`)),
    )
  })
}
