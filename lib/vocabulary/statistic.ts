import { z } from 'zod'

const bound = z.number().nullable()

/** A number that travels with its interval, its sample size and how the interval was made (`api.md`). */
export const statisticSchema = z.strictObject({
  value: z.number().nullable(),
  /** The bounds of the interval; null where no interval can be given. */
  low: bound,
  high: bound,
  n: z.int(),
  method: z.string(),
})
export type Statistic = z.infer<typeof statisticSchema>
