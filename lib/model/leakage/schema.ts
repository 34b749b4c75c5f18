import { z } from 'zod'

/** An image of the run and the image of the training that it resembles most. */
const nearDuplicate = z.strictObject({
  imageId: z.int(),
  imageKey: z.string(),
  trainedImageId: z.int(),
  trainedImageKey: z.string(),
  /** Bits of 256 in which their perceptual hashes differ. */
  distance: z.int(),
  /** It is the mirror image that they share. */
  isMirrored: z.boolean(),
})
export type NearDuplicate = z.infer<typeof nearDuplicate>

const trainingSource = z.strictObject({
  name: z.string(),
  dataset: z.string().nullable(),
  snapshotId: z.uuid().nullable(),
})
export type TrainingSource = z.infer<typeof trainingSource>

/** How far the images of a run were in the training of its version: what was learnt by heart proves nothing. */
export const leakageSchema = z.strictObject({
  trainedOn: z.array(trainingSource),
  images: z.int(),
  /** Images of the run whose very bytes were trained on. */
  sharedImages: z.int(),
  /** Patients of the run with images in the training, and their images in the run. */
  sharedPatients: z.int(),
  imagesOfSharedPatients: z.int(),
  /** False where one side has no image with content: nothing can be said of shared images. */
  knowsContents: z.boolean(),
  /** False where one side names no patient: nothing can be said of shared patients. */
  knowsPatients: z.boolean(),
  /** Some of the shared images, by key. */
  examples: z.array(z.strictObject({ imageId: z.int(), imageKey: z.string() })),
  /** Further images of the run that look like one that was trained on, as far as looks are known. */
  nearDuplicates: z.int(),
  /** The nearest of them. */
  nearestPairs: z.array(nearDuplicate),
  /** How many of the images on both sides have been looked at; the rest follows in the background. */
  hashed: z.strictObject({ done: z.int(), undecodable: z.int(), total: z.int() }),
})
export type Leakage = z.infer<typeof leakageSchema>
