import { z } from 'zod'
import { classTrackRecordSchema } from '#lib/model/evaluation-result/schema.ts'

/** One image's prediction by a stated version, with what the model saw of it. */
export const triedImageSchema = z.strictObject({
  modelVersionId: z.uuid(),
  findingClasses: z.array(z.string()),
  /** In the order of `findingClasses`. */
  probabilities: z.array(z.number()),
  predictedClass: z.string(),
  /** What the model sees, before its levels are normalised; PNG in base64. */
  modelInput: z.strictObject({
    width: z.int(),
    height: z.int(),
    channels: z.int(),
    png: z.base64(),
  }),
  image: z.strictObject({
    width: z.int(),
    height: z.int(),
    format: z.enum(['jpeg', 'png']),
    warnings: z.array(z.string()),
  }),
  knownAboutClass: classTrackRecordSchema.nullable(),
})
export type TriedImage = z.infer<typeof triedImageSchema>
