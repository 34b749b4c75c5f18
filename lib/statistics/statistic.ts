/** The bounds of an interval; null where no interval can be given. */
export type Interval = { low: number | null; high: number | null }

/** A number that travels with its interval, its sample size and how the interval was made (`api.md`). */
export type Statistic = Interval & { value: number | null; n: number; method: string }

/** The confidence of every interval the product shows, unless its method says otherwise. */
export const CONFIDENCE = 0.95
