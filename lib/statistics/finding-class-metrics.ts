import { type ConfusionMatrix, confusionTotals } from './confusion-matrix.ts'
import { perClassRates } from './per-class-rates.ts'
import { ratio } from './proportion.ts'
import type { FindingClassMetrics } from './schema.ts'

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
