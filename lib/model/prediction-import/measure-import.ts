import { setImmediate as pause } from 'node:timers/promises'
import { measureRun, type RunResult } from '#lib/model/evaluation-result/compute-metrics.ts'
import type { ImportPlan } from './plan-import.ts'

/** The numbers of the run that an import becomes, computed before anything is stored: no transaction waits for them. */
export async function measureImport(
  { rows, unpredicted, excluded }: ImportPlan,
  findingClasses: readonly string[],
): Promise<RunResult> {
  const indexOf = new Map(findingClasses.map((name, index) => [name, index]))
  const probabilities = new Float64Array(rows.length * findingClasses.length)
  rows.forEach((row, i) => {
    probabilities.set(row.probabilities, i * findingClasses.length)
  })
  return await measureRun({
    classes: findingClasses,
    card: {},
    predictions: {
      referenceIndices: Int32Array.from(rows, ({ image }) => indexOf.get(image.findingClass) ?? -1),
      predictedIndices: Int32Array.from(rows, ({ predictedIndex }) => predictedIndex),
      probabilities,
    },
    patients: rows.map(({ image }) => image.patient),
    counts: { errors: unpredicted.length, excluded },
    rest: () => pause(),
  })
}
