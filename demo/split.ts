import type { DemoPatient } from './patients.ts'
import { type Random, shuffled } from './random.ts'

export const DATASET_NAMES = ['train', 'val', 'test', 'final_eval'] as const

export type DatasetName = (typeof DATASET_NAMES)[number]

export type Split = Record<DatasetName, DemoPatient[]>

/** Of ten patients, spread so that a group that is no multiple of ten stays near 7:2:1. */
const TURNS = ['train', 'val', 'train', 'train', 'test', 'train', 'train', 'val', 'train', 'train'] as const

/**
 * 7:2:1 by patient, the same within each finding class and for each number of images per patient, so that the
 * images come out near 7:2:1 too; then half of `val` and of `test` moves to `final_eval`.
 */
export function splitPatients(patients: readonly DemoPatient[], random: Random): Split {
  const split: Split = { train: [], val: [], test: [], final_eval: [] }
  for (const group of groupedByClass(patients).values()) {
    const inTurn = shuffled(random, group).sort((a, b) => a.images.length - b.images.length)
    const part: Split = { train: [], val: [], test: [], final_eval: [] }
    inTurn.forEach((patient, index) => {
      part[TURNS[index % TURNS.length] ?? 'train'].push(patient)
    })
    const moved = moveHalf(moveHalf(part, 'val'), 'test')
    for (const name of DATASET_NAMES) split[name].push(...moved[name])
  }
  return split
}

/** Every second patient leaves the dataset for `final_eval`. */
function moveHalf(split: Split, from: 'val' | 'test'): Split {
  const stays = split[from].filter((_, index) => index % 2 === 0)
  const goes = split[from].filter((_, index) => index % 2 === 1)
  return { ...split, [from]: stays, final_eval: [...split.final_eval, ...goes] }
}

function groupedByClass(patients: readonly DemoPatient[]): Map<string, DemoPatient[]> {
  return Map.groupBy(patients, (patient) => patient.findingClass)
}
