import { z } from 'zod'
import { isPlainText } from '#lib/platform/plain-text.ts'
import { hasNoLostCharacter, LOST_CHARACTER_FAULT } from '#lib/vocabulary/lost-character.ts'
import { findingClassName } from '#lib/vocabulary/model-card.ts'

/** `<finding class>/<file>` where the dataset has images here; where it has none, any name that tells images apart. */
const imageKey = z
  .string()
  .min(1)
  .max(1000)
  .refine((key) => !/\p{Cc}/u.test(key), 'must not have control characters')
  .refine(hasNoLostCharacter, LOST_CHARACTER_FAULT)
  .transform((key) => key.normalize('NFC'))

const findingClass = findingClassName.refine(hasNoLostCharacter, LOST_CHARACTER_FAULT)

/** What float32 adds to or takes from 0 and 1; it is cut off. */
const NOISE = 1e-6
const probability = z
  .number()
  .min(-NOISE)
  .max(1 + NOISE)
  .transform((value) => Math.min(1, Math.max(0, value)))

/** Predictions made elsewhere: no image, no model file. Unknown keys are refused. */
export const importedPredictionsSchema = z.strictObject({
  modelVersion: z.strictObject({
    name: z
      .string()
      .min(1)
      .max(100)
      .refine(isPlainText, 'must be plain text on one line')
      .refine(hasNoLostCharacter, LOST_CHARACTER_FAULT),
    findingClasses: z.array(findingClass).min(2).max(1000),
  }),
  dataset: z.string().min(1).max(200),
  predictions: z
    .array(
      z.strictObject({
        imageKey,
        referenceClass: findingClass,
        patient: z.string().min(1).max(200).refine(hasNoLostCharacter, LOST_CHARACTER_FAULT).nullish(),
        /** In the order of `findingClasses`. */
        probabilities: z.array(probability).min(2).max(1000),
      }),
    )
    .min(1),
})

export type ImportedPredictions = z.output<typeof importedPredictionsSchema>
export type ImportedPrediction = ImportedPredictions['predictions'][number]

/** What was made of them. */
export const importedRunSchema = z.strictObject({ modelVersionId: z.uuid(), evaluationRunId: z.uuid() })
export type ImportedRun = z.infer<typeof importedRunSchema>
