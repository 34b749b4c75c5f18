import type { Statistic } from '#lib/vocabulary/statistic.ts'

/** The bounds of an interval; null where no interval can be given. */
export type Interval = Pick<Statistic, 'low' | 'high'>

/** The confidence of every interval the product shows, unless its method says otherwise. */
export const CONFIDENCE = 0.95
