import { z } from 'zod'
import { SNAPSHOT_STATUSES } from '#db/schema/enumerations.ts'
import { instant } from '#lib/platform/api/instant.ts'
import { sha256Hex } from '#lib/vocabulary/sha256-hex.ts'

export const skippedFileSchema = z.strictObject({
  file: z.string(),
  code: z.string(),
  detail: z.string().nullable(),
})
export type SkippedFile = z.infer<typeof skippedFileSchema>

const explanation = z.strictObject({
  /** Why the file is not an image of the snapshot, for a reader who does not know the code. */
  reason: z.string(),
  /** What to do so that the next scan takes it, or that nothing need be done. */
  remedy: z.string(),
})
export type SkipExplanation = z.infer<typeof explanation>

/** How many files one code kept out of a snapshot, and what that means. */
export const skipCountSchema = explanation.extend({ code: z.string(), count: z.int() })
export type SkipCount = z.infer<typeof skipCountSchema>

export const explainedSkippedFileSchema = skippedFileSchema.extend(explanation.shape)
export type ExplainedSkippedFile = z.infer<typeof explainedSkippedFileSchema>

/** How many files of a dataset a snapshot did not take that may be missing from its numbers, by reason. */
export const leftOutSchema = z.array(z.strictObject({ code: z.string(), count: z.int() }))
export type LeftOut = z.infer<typeof leftOutSchema>

/** What is worth a look though nothing failed. */
export const datasetWarningSchema = z.strictObject({ code: z.string(), message: z.string() })
export type DatasetWarning = z.infer<typeof datasetWarningSchema>

export const snapshotStatusSchema = z.enum(SNAPSHOT_STATUSES)

export const snapshotSummarySchema = z.strictObject({
  id: z.uuid(),
  status: snapshotStatusSchema,
  /** In the manifest; while scanning, found so far. */
  images: z.int(),
  /** Files that are not images of the snapshot. */
  skippedCount: z.int(),
  /** Progress of this scan: files seen, and of these the ones that had to be read. */
  listed: z.int(),
  hashed: z.int(),
  allowLabelConflicts: z.boolean(),
  manifestSha256: z.string().nullable(),
  failureCode: z.string().nullable(),
  failureDetail: z.string().nullable(),
  createdAt: instant,
  createdBy: z.string(),
  finishedAt: instant.nullable(),
})
export type SnapshotSummary = z.infer<typeof snapshotSummarySchema>

export const snapshotSchema = snapshotSummarySchema.extend({
  skipped: z.array(skippedFileSchema),
  warnings: z.array(datasetWarningSchema),
})
export type SnapshotView = z.infer<typeof snapshotSchema>

/** `reclassified`: in another finding class than before. `renamed`: in the same one under another key. */
export const changeKindSchema = z.enum(['added', 'removed', 'reclassified', 'renamed'])
export type ChangeKind = z.infer<typeof changeKindSchema>

/** One content that differs between two snapshots. */
export const snapshotChangeSchema = z.strictObject({
  /** To look at: the newer snapshot's row, of a removed one the older's. */
  imageId: z.int(),
  sha256: sha256Hex,
  /** Now; null and none where it was removed. Several classes only where label conflicts were allowed. */
  key: z.string().nullable(),
  findingClasses: z.array(z.string()),
  /** Before; null and none where it is new. */
  previousKey: z.string().nullable(),
  previousFindingClasses: z.array(z.string()),
})
export type SnapshotChange = z.infer<typeof snapshotChangeSchema>

export const snapshotChangesSchema = z.strictObject({
  snapshotId: z.uuid(),
  /** The snapshot compared with; null where there is none before: then everything is added. */
  since: z.uuid().nullable(),
  counts: z.strictObject({
    added: z.int(),
    removed: z.int(),
    reclassified: z.int(),
    renamed: z.int(),
  }),
  kind: changeKindSchema,
})
export type SnapshotChanges = z.infer<typeof snapshotChangesSchema>
