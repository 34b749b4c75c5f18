import { z } from 'zod'
import { instant } from '#lib/platform/api/instant.ts'
import {
  confidenceBinSchema,
  evaluationMetricsSchema,
  reliabilityDiagramSchema,
} from '#lib/statistics/schema.ts'
import { statisticSchema } from '#lib/vocabulary/statistic.ts'

/** A run's metrics, and of how many images they are. */
export const runMetricsSchema = evaluationMetricsSchema.extend({
  /** Images of the snapshot whose finding class the version does not know. */
  excluded: z.int(),
})
export type RunMetrics = z.infer<typeof runMetricsSchema>

/** A run's diagrams, as they are drawn. */
export const runCurvesSchema = z.strictObject({
  n: z.int(),
  reliability: reliabilityDiagramSchema,
  roc: z.array(
    z.strictObject({
      findingClass: z.string(),
      /** Images of the class. */
      n: z.int(),
      auroc: z.number().nullable(),
      /** [false positive rate, true positive rate] from [0, 0] to [1, 1]; empty without a curve. */
      points: z.array(z.tuple([z.number(), z.number()])),
    }),
  ),
  confidence: z.strictObject({ bins: z.array(confidenceBinSchema) }),
})
export type RunCurves = z.infer<typeof runCurvesSchema>

/** How an image was answered: right or wrong as a prediction, or not at all. */
export const predictionOutcomeSchema = z.enum(['right', 'wrong', 'error'])
export type PredictionOutcome = z.infer<typeof predictionOutcomeSchema>
export const predictionStatusSchema = z.enum(['ok', 'error'])

/** Error rows have no confidence: in both orders by confidence they come last. */
export const predictionSortSchema = z.enum(['key', 'confidence-desc', 'confidence-asc'])
export type PredictionSort = z.infer<typeof predictionSortSchema>

export const runPredictionSchema = z.strictObject({
  imageId: z.int(),
  imageKey: z.string(),
  referenceClass: z.string(),
  patient: z.string().nullable(),
  /** Null, as the probabilities are, where `status` is `error`. */
  predictedClass: z.string().nullable(),
  /** The largest probability. */
  confidence: z.number().nullable(),
  /** In the version's class order. */
  probabilities: z.array(z.number()).nullable(),
  status: predictionStatusSchema,
  code: z.string().nullable(),
  message: z.string().nullable(),
})
export type RunPrediction = z.infer<typeof runPredictionSchema>

export const sliceDimensionSchema = z.enum(['modality', 'size', 'confidence', 'patient'])
export type SliceDimension = z.infer<typeof sliceDimensionSchema>

const slice = z.strictObject({
  name: z.string(),
  /** Wilson interval; images of one patient are taken as independent. */
  accuracy: statisticSchema,
  /** Too few images to say anything: shown, but not to be ranked. */
  isSmall: z.boolean(),
})
export type Slice = z.infer<typeof slice>

export const runSlicesSchema = z.strictObject({
  /** Bands in their order, whatever else by its images, the most first. */
  slices: z.array(slice),
  /** Slices beyond the ones that are listed. */
  more: z.int(),
  /** Images that say nothing of this. */
  without: z.int(),
})
export type RunSlices = z.infer<typeof runSlicesSchema>

/** What a model version made of an image; where `code` is set it got no prediction. */
const imagePrediction = z.strictObject({
  modelVersionId: z.uuid(),
  modelName: z.string(),
  /** How people name the version: `<model> v<number>`. */
  versionLabel: z.string(),
  evaluationRunId: z.uuid(),
  /** The version's, in the order of `probabilities`. */
  findingClasses: z.array(z.string()),
  probabilities: z.array(z.number()).nullable(),
  predictedClass: z.string().nullable(),
  /** The largest probability. */
  confidence: z.number().nullable(),
  correct: z.boolean().nullable(),
  provider: z.string().nullable(),
  at: instant,
  code: z.string().nullable(),
  message: z.string().nullable(),
})
export type ImagePrediction = z.infer<typeof imagePrediction>

/** All that is known of an image. */
export const imageDetailsSchema = z.strictObject({
  id: z.int(),
  dataset: z.string(),
  imageKey: z.string(),
  findingClass: z.string(),
  patient: z.string().nullable(),
  /** Null, as the sizes, where only predictions of the image were imported. */
  sha256: z.string().nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  sizeBytes: z.int().nullable(),
  /** When the first snapshot that holds it was asked for. */
  addedAt: instant.nullable(),
  /** Ready ones, newest first. */
  snapshots: z.array(z.strictObject({ id: z.uuid(), createdAt: instant })),
  /** Other images of the same content, in this dataset or another. */
  duplicates: z.array(z.strictObject({ id: z.int(), dataset: z.string(), imageKey: z.string() })),
  /** One for each model version: of its latest succeeded run that holds the image. */
  predictions: z.array(imagePrediction),
})
export type ImageDetails = z.infer<typeof imageDetailsSchema>

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
