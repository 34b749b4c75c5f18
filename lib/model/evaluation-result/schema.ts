import { z } from 'zod'
import { statisticSchema } from '#lib/vocabulary/statistic.ts'

/** What past evaluations say of a predicted class: how far it may be trusted, and what else it may be. */
export const classTrackRecordSchema = z.strictObject({
  findingClass: z.string(),
  dataset: z.string(),
  evaluationRunId: z.uuid(),
  /** Images of the class in that run. */
  n: z.int(),
  /** Of the images of this class, the share that was predicted as it. */
  sensitivity: statisticSchema,
  /** Of the images predicted as this class, the share that is of it: holds for that dataset's mix of classes. */
  ppv: statisticSchema,
  /** Among the images predicted as this class, what the others of them were; `share` is of all of these images. */
  mostConfusedWith: z.array(
    z.strictObject({ findingClass: z.string(), count: z.int(), share: z.number().nullable() }),
  ),
})
export type ClassTrackRecord = z.infer<typeof classTrackRecordSchema>
