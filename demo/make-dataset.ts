import { existsSync, renameSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { seededRandom } from '#lib/statistics/seeded-random.ts'
import type { DrawTask } from './draw-worker.ts'
import { DEMO_FINDINGS, type DemoFinding } from './findings.ts'
import { makePatients } from './patients.ts'
import { childSeed } from './random.ts'
import { DATASET_NAMES, type DatasetName, type Split, splitPatients } from './split.ts'
import { drawInThreads } from './threads.ts'

/** The first group is the patient: `north-lung-covid-01234_1.jpg` → 01234. */
export const DEMO_PATIENT_PATTERN = '-(\\d+)_\\d+\\.jpg$'

export type DemoOptions = {
  seed: number
  /** For tests: fewer patients. */
  findings?: readonly DemoFinding[]
  /** Threads to draw with; by default one a core, at most four. */
  threads?: number
  /** Called after every image with the number that is drawn. */
  onDrawn?: (images: number) => void
}

export type DemoDatasets = Record<DatasetName, { folder: string; images: number; patients: number }>

/** Who is in which dataset. Without a picture drawn: the same seed always gives the same plan. */
export function planDatasets(seed: number, findings = DEMO_FINDINGS): { split: Split; textureSeed: number } {
  const random = seededRandom(seed)
  return { split: splitPatients(makePatients(findings, random), random), textureSeed: childSeed(random) }
}

/**
 * Writes `<folder>/<dataset>/<finding class>/<file>` for the four datasets. One that is there already is never mixed
 * with, so an existing folder of a dataset's name is refused.
 */
export async function makeDemoDatasets(folder: string, options: DemoOptions): Promise<DemoDatasets> {
  const taken = DATASET_NAMES.find((name) => existsSync(path.join(folder, name)))
  if (taken !== undefined) throw new Error(`${path.join(folder, taken)} exists already`)
  await drawMissingDatasets(folder, DATASET_NAMES, options)
  const { split } = planDatasets(options.seed, options.findings)
  return {
    train: summarise(folder, 'train', split),
    val: summarise(folder, 'val', split),
    test: summarise(folder, 'test', split),
    final_eval: summarise(folder, 'final_eval', split),
  }
}

/**
 * Draws these datasets in this order, less those whose folder is there. The same seed gives the same bytes, whatever the number of
 * threads. A dataset appears when all of its images are drawn; until then they lie in a hidden folder, which a call
 * that failed removes, and the next call where the process was killed.
 */
export async function drawMissingDatasets(
  folder: string,
  names: readonly DatasetName[],
  options: DemoOptions,
): Promise<void> {
  const { split, textureSeed } = planDatasets(options.seed, options.findings)
  const missing = names.filter((name) => !existsSync(path.join(folder, name)))
  const unfinished = (name: DatasetName) => path.join(folder, `.unfinished-${name}`)
  const removeUnfinished = () =>
    Promise.all(missing.map((name) => rm(unfinished(name), { recursive: true, force: true })))
  const tasks = missing.flatMap((name) => tasksOf(name, unfinished(name), split[name]))
  const left = new Map(missing.map((name) => [name, countImages(split[name])]))
  let images = 0
  await removeUnfinished()
  try {
    for (const each of new Set(tasks.map((task) => task.folder))) await mkdir(each, { recursive: true })
    await drawInThreads(tasks, {
      seed: textureSeed,
      threads: options.threads ?? Math.min(4, availableParallelism()),
      onDrawn: (name) => {
        const still = (left.get(name) ?? 0) - 1
        left.set(name, still)
        if (still === 0) renameSync(unfinished(name), path.join(folder, name))
        images += 1
        options.onDrawn?.(images)
      },
    })
  } catch (error) {
    await removeUnfinished() // a full disk is no fuller than before
    throw error
  }
}

export function countImages(patients: Split[DatasetName]): number {
  return patients.reduce((sum, patient) => sum + patient.images.length, 0)
}

function tasksOf(dataset: DatasetName, folder: string, patients: Split[DatasetName]): DrawTask[] {
  return patients.flatMap((patient) => {
    const target = path.join(folder, patient.findingClass)
    return patient.images.map((image) => ({ dataset, patient, image, folder: target }))
  })
}

function summarise(folder: string, name: DatasetName, split: Split): DemoDatasets[DatasetName] {
  return {
    folder: path.join(folder, name),
    images: countImages(split[name]),
    patients: split[name].length,
  }
}
