export type ConfusionCell = {
  predictedClass: string
  count: number
  /** Of the row's images; null where the reference class has none. */
  shareRatio: number | null
  isRight: boolean
}

export type ConfusionRow = { referenceClass: string; n: number; cells: ConfusionCell[] }

/** The confusion matrix with each cell's share of its reference class. */
export function confusionRows(confusion: {
  classes: readonly string[]
  counts: readonly (readonly number[])[]
}): ConfusionRow[] {
  const { classes, counts } = confusion
  return classes.map((referenceClass, row) => {
    const n = (counts[row] ?? []).reduce((sum, count) => sum + count, 0)
    const cells = classes.map((predictedClass, column) => {
      const count = counts[row]?.[column] ?? 0
      return { predictedClass, count, shareRatio: n === 0 ? null : count / n, isRight: row === column }
    })
    return { referenceClass, n, cells }
  })
}

export type Confusion = {
  referenceClass: string
  predictedClass: string
  count: number
  n: number
  shareRatio: number
}

/** The mistakes that happen most often, by the share of the reference class; without any, none. */
export function mostFrequentConfusions(rows: readonly ConfusionRow[], take: number): Confusion[] {
  return rows
    .flatMap(({ referenceClass, n, cells }) =>
      cells
        .filter(({ isRight, count }) => !isRight && count > 0)
        .map(({ predictedClass, count }) => ({
          referenceClass,
          predictedClass,
          count,
          n,
          shareRatio: count / n,
        })),
    )
    .toSorted((a, b) => b.shareRatio - a.shareRatio || b.count - a.count)
    .slice(0, take)
}
