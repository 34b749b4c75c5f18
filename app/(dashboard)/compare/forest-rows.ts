import type { ForestRow } from '#app/_charts/forest-chart.tsx'
import type { FindingClassComparison, Verdict } from '#lib/model/comparison/schema.ts'
import type { Statistic } from '#lib/vocabulary/statistic.ts'

const ALPHA = 0.05

/** All images first, then each class that has any. */
export function forestRows(
  overall: { n: number; difference: Statistic; verdict: Verdict },
  classes: readonly FindingClassComparison[],
): ForestRow[] {
  const shown = overall.verdict === 'undecided' ? null : overall.verdict
  return [
    ...rowOf('All images', overall.n, overall.difference, shown),
    ...classes.flatMap((each) => rowOf(each.findingClass, each.n, each.difference, shownChange(each))),
  ]
}

/** Whether the class's sensitivity differs once corrected for looking at all classes. */
export function shownChange({
  difference,
  holmP,
}: Pick<FindingClassComparison, 'difference' | 'holmP'>): 'better' | 'worse' | null {
  if (holmP === null || holmP >= ALPHA || difference.value === null || difference.value === 0) return null
  return difference.value > 0 ? 'better' : 'worse'
}

function rowOf(
  name: string,
  n: number,
  { value, low, high }: Statistic,
  shown: ForestRow['shown'],
): ForestRow[] {
  return value === null || low === null || high === null ? [] : [{ name, n, value, low, high, shown }]
}
