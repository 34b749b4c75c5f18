import { describe, expect, it } from 'vitest'
import { seededRandom } from '#lib/statistics/seeded-random.ts'
import { DEMO_FINDINGS } from './findings.ts'
import { planDatasets } from './make-dataset.ts'
import { type DemoPatient, makePatients } from './patients.ts'
import { DATASET_NAMES, type Split, splitPatients } from './split.ts'

const SEEDS = Array.from({ length: 20 }, (_, index) => index * 7919)

const patientsOf = (split: Split) => DATASET_NAMES.flatMap((name) => split[name])
const countImages = (patients: readonly DemoPatient[]) =>
  patients.reduce((sum, patient) => sum + patient.images.length, 0)

describe('splitPatients', () => {
  it.each(SEEDS)('puts every patient into exactly one dataset (seed %i)', (seed) => {
    const patients = makePatients(DEMO_FINDINGS, seededRandom(seed))
    const numbers = patientsOf(splitPatients(patients, seededRandom(seed + 1))).map(({ number }) => number)
    expect(numbers).toHaveLength(4000)
    expect(new Set(numbers)).toEqual(new Set(patients.map(({ number }) => number)))
    expect(new Set(numbers).size).toBe(4000)
  })

  it('splits the patients of every class 7:2:1 and moves half of val and of test to final_eval', () => {
    const { split } = planDatasets(1)
    for (const { findingClass, patients } of DEMO_FINDINGS) {
      const counts = DATASET_NAMES.map(
        (name) => split[name].filter((patient) => patient.findingClass === findingClass).length,
      )
      expect(counts).toEqual([0.7, 0.1, 0.05, 0.15].map((share) => Math.round(share * patients)))
    }
  })

  it.each(SEEDS)('has at least 900 images in final_eval, near 15 of 100 (seed %i)', (seed) => {
    const { split } = planDatasets(seed)
    const all = countImages(patientsOf(split))
    expect(all).toBe(6400)
    expect(countImages(split.final_eval)).toBeGreaterThanOrEqual(900)
    const share = (name: keyof Split) => countImages(split[name]) / all
    expect(Math.abs(share('train') - 0.7)).toBeLessThan(0.01)
    expect(Math.abs(share('final_eval') - 0.15)).toBeLessThan(0.01)
  })

  it('gives other patients to final_eval for another seed, the same for the same', () => {
    const names = (seed: number) =>
      planDatasets(seed).split.final_eval.flatMap(({ images }) => images.map(({ fileName }) => fileName))
    expect(names(1)).toEqual(names(1))
    expect(names(2)).not.toEqual(names(1))
  })

  it('stays disjoint and near 7:2:1 where a class has a number of patients that does not divide', () => {
    const [first] = DEMO_FINDINGS
    if (first === undefined) throw new Error('there are no findings')
    const patients = makePatients([{ ...first, patients: 37 }], seededRandom(3))
    const split = splitPatients(patients, seededRandom(4))
    expect(new Set(patientsOf(split).map(({ number }) => number)).size).toBe(37)
    expect(DATASET_NAMES.map((name) => split[name].length)).toEqual([26, 4, 2, 5])
  })
})
