import { z } from 'zod'
import {
  datasetWarningSchema,
  skipCountSchema,
  skippedFileSchema,
  snapshotSummarySchema,
} from '#lib/data/snapshot/schema.ts'
import { instant } from '#lib/platform/api/instant.ts'

export const findingClassCountSchema = z.strictObject({
  findingClass: z.string(),
  images: z.int(),
  patients: z.int(),
})
export type FindingClassCount = z.infer<typeof findingClassCountSchema>

/** A scan that has not ended. */
const scanUnderWay = z.strictObject({
  snapshotId: z.uuid(),
  status: z.enum(['waiting', 'scanning']),
  /** Files seen so far, and of these the ones that had to be read. */
  listed: z.int(),
  hashed: z.int(),
  /** Files that the last finished scan saw, to draw progress by; null for the first scan. */
  expected: z.int().nullable(),
  createdAt: instant,
})
export type ScanUnderWay = z.infer<typeof scanUnderWay>

export const datasetSummarySchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  location: z.string().nullable(),
  patientPattern: z.string().nullable(),
  createdAt: instant,
  createdBy: z.string(),
  findingClasses: z.array(findingClassCountSchema),
  modalities: z.array(z.strictObject({ modality: z.string(), images: z.int() })),
  /** Counts of the newest ready snapshot; zero before there is one. */
  images: z.int(),
  /** Different patients among the images that name one. */
  patients: z.int(),
  /** The newest, whatever became of it. */
  lastSnapshot: snapshotSummarySchema.nullable(),
  /** The newest that is ready: the counts are its. */
  readySnapshot: snapshotSummarySchema.nullable(),
  scan: scanUnderWay.nullable(),
})
export type DatasetSummary = z.infer<typeof datasetSummarySchema>

export const datasetSchema = datasetSummarySchema.extend({
  /** Over the patients of the ready snapshot; null where no image names one. */
  imagesPerPatient: z.strictObject({ min: z.int(), median: z.number(), max: z.int() }).nullable(),
  /** Images of the ready snapshot that name no patient. */
  imagesWithoutPatient: z.int(),
  /** The files that the last snapshot did not take, and how many by code, with a reason and a remedy. */
  skipped: z.array(skippedFileSchema),
  skippedByCode: z.array(skipCountSchema),
  /** Of the ready snapshot. */
  warnings: z.array(datasetWarningSchema),
})
export type DatasetView = z.infer<typeof datasetSchema>

export const datasetNameSchema = z.string().min(1).max(200)

/** What a client says to register one; without a location its images are uploaded. */
export const datasetRegistrationSchema = z.strictObject({
  name: datasetNameSchema,
  location: z.string().min(1).max(2000).nullable().optional(),
  patientPattern: z.string().min(1).max(500).nullable().optional(),
})
export type RegisterDatasetInput = z.infer<typeof datasetRegistrationSchema>

export const uploadResultSchema = z.strictObject({
  stored: z.int(),
  skipped: z.array(skippedFileSchema),
  notes: z.array(z.strictObject({ code: z.string(), message: z.string() })),
})
export type UploadResult = z.infer<typeof uploadResultSchema>
