import { z } from 'zod'
import { isPlainText } from '#lib/platform/plain-text.ts'
import { findingClassName } from '#lib/vocabulary/model-card.ts'

/** `<finding class>/<file>` where the dataset has images here; where it has none, any name that tells images apart. */
const imageKey = z
  .string()
  .min(1)
  .max(1000)
  .refine((key) => !/\p{Cc}/u.test(key), 'must not have control characters')
  .transform((key) => key.normalize('NFC'))

/** Predictions made elsewhere: no image, no model file. Unknown keys are refused. */
export const importedPredictionsSchema = z.strictObject({
  modelVersion: z.strictObject({
    name: z.string().min(1).max(100).refine(isPlainText, 'must be plain text on one line'),
    findingClasses: z.array(findingClassName).min(2).max(1000),
  }),
  dataset: z.string().min(1).max(200),
  predictions: z
    .array(
      z.strictObject({
        imageKey,
        referenceClass: findingClassName,
        patient: z.string().min(1).max(200).nullish(),
        /** In the order of `findingClasses`; kept as they are. */
        probabilities: z.array(z.number().min(0).max(1)).min(2).max(1000),
      }),
    )
    .min(1),
})

export type ImportedPredictions = z.output<typeof importedPredictionsSchema>
export type ImportedPrediction = ImportedPredictions['predictions'][number]
