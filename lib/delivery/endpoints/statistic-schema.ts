import { z } from 'zod'

/** A number with its interval, as every reply states it (`lib/statistics/statistic.ts`). */
export const statisticSchema = z.strictObject({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.int(),
  method: z.string(),
})
