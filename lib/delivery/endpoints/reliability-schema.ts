import { z } from 'zod'

const number = z.number().nullable()

/** A reliability diagram as the replies hold it. */
export const reliabilitySchema = z.strictObject({
  binCount: z.int(),
  ece: number,
  bins: z.array(
    z.strictObject({
      low: z.number(),
      high: z.number(),
      n: z.int(),
      meanConfidence: number,
      accuracy: number,
      /** Wilson 95% CI of the accuracy. */
      interval: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
    }),
  ),
})
