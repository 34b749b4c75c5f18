import type { FindingClassMetrics } from '#lib/statistics/schema.ts'

export const CLASS_COLUMNS = [
  'findingClass',
  'n',
  'accuracy',
  'specificity',
  'ppv',
  'npv',
  'f1',
  'auroc',
] as const satisfies readonly (keyof FindingClassMetrics)[]
export type ClassColumn = (typeof CLASS_COLUMNS)[number]

/** What the address says: a column and the way it runs. */
export type ClassOrder = { column: ClassColumn; descending: boolean }

/** Sorted by a column; what is undefined comes last both ways, equals stay in the model's order. */
export function sortClasses(
  rows: readonly FindingClassMetrics[],
  { column, descending }: ClassOrder,
): FindingClassMetrics[] {
  const sign = descending ? -1 : 1
  return rows.toSorted((a, b) => {
    const [left, right] = [a[column], b[column]]
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    if (typeof left === 'string' || typeof right === 'string')
      return sign * (String(left) < String(right) ? -1 : Number(left !== right))
    return sign * (left - right)
  })
}
