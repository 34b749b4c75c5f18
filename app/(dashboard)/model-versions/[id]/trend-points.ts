import type { Statistic } from '#lib/vocabulary/statistic.ts'

export type Evaluated = { dataset: string; finishedAt: string; n: number; accuracy: Statistic }

/** Datasets with a line to draw: at least two evaluations; those evaluated last come first. */
export function trendsOf(lastFirst: readonly Evaluated[]): string[] {
  const counts = new Map<string, number>()
  for (const { dataset } of lastFirst) counts.set(dataset, (counts.get(dataset) ?? 0) + 1)
  return [...counts].filter(([, count]) => count > 1).map(([dataset]) => dataset)
}

/** More would not be told apart. */
const SHOWN = 20

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const minute = new Intl.DateTimeFormat('en-GB', {
  ...{ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone: 'UTC' },
})

/** The last evaluations on a dataset, the oldest at the left, by day or, where two were on one day, by the minute. */
export function trendPoints(lastFirst: readonly Evaluated[], dataset: string) {
  const shown = lastFirst
    .filter((each) => each.dataset === dataset)
    .slice(0, SHOWN)
    .toReversed()
  const days = new Set(shown.map(({ finishedAt }) => day.format(new Date(finishedAt))))
  const clock = days.size === shown.length ? day : minute
  return shown.map(({ finishedAt, accuracy, n }) => ({
    label: clock.format(new Date(finishedAt)),
    ...accuracy,
    n,
  }))
}
