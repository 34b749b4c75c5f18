import { type ConfusionMatrix, confusionTotals } from './confusion-matrix.ts'
import { perClassRates } from './per-class-rates.ts'
import { ratio } from './proportion.ts'

/** One row of the per-class table. All null for a class without images. */
export type FindingClassMetrics = {
  findingClass: string
  /** Images whose reference is this class. */
  n: number
  /** Sensitivity: correct images of the class / images of the class. */
  accuracy: number | null
  specificity: number | null
  ppv: number | null
  npv: number | null
  f1: number | null
  auroc: number | null
}

/** The per-class table in class order; `aurocs` in the same order. */
export function findingClassMetrics(
  classes: readonly string[],
  matrix: ConfusionMatrix,
  aurocs: readonly (number | null)[],
): FindingClassMetrics[] {
  const { references } = confusionTotals(matrix)
  return perClassRates(matrix).map(({ sensitivity, specificity, ppv, npv, f1 }, k) => ({
    findingClass: classes[k] as string,
    n: references[k] as number,
    accuracy: ratio(sensitivity),
    specificity: ratio(specificity),
    ppv: ratio(ppv),
    npv: ratio(npv),
    f1,
    auroc: aurocs[k] ?? null,
  }))
}
