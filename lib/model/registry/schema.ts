import { z } from 'zod'
import { executionProviderSchema, modelSignatureSchema } from '#lib/model/evaluator/evaluator-contract.ts'
import { instant } from '#lib/platform/api/instant.ts'
import type { ModelCard } from '#lib/vocabulary/model-card.ts'
import { sha256Hex } from '#lib/vocabulary/sha256-hex.ts'
import { statisticSchema } from '#lib/vocabulary/statistic.ts'

/** As the card has it, with its defaults filled in. */
const preprocessing = z.strictObject({
  mode: z.enum(['L', 'RGB']),
  resample: z.enum(['nearest', 'bilinear', 'bicubic']),
  scale: z.number(),
  mean: z.array(z.number()),
  std: z.array(z.number()),
  exifOrientation: z.enum(['ignore', 'apply']),
  background: z.int(),
})
const lineage = z.strictObject({
  parent: z.string().nullable(),
  trainingRun: z.string().nullable(),
  snapshots: z.array(z.string()),
  codeVersion: z.string().nullable(),
})

/** It was checked when it was stored: a card of an older release must still be shown. */
export const storedCardSchema = z.record(z.string(), z.unknown()) as unknown as z.ZodType<
  ModelCard,
  ModelCard
>

/** What the dry run before its admission said: only what is deterministic is admitted. */
export const admissionReportSchema = z.strictObject({
  provider: executionProviderSchema,
  inferenceSeconds: z.number(),
  warnings: z.array(z.string()),
  deterministic: z.literal(true),
  dryRunMilliseconds: z.number(),
  /** Null where an older evaluator said nothing of it. */
  model: modelSignatureSchema.nullable(),
})
export type AdmissionReport = z.infer<typeof admissionReportSchema>

/** What a succeeded run said of a model version, as it was stored when the run finished. */
export const versionEvaluationSchema = z.strictObject({
  evaluationRunId: z.uuid(),
  modelVersionId: z.uuid(),
  dataset: z.string(),
  snapshotId: z.uuid(),
  finishedAt: instant,
  /** Images that the numbers are of, and error rows beside them. */
  n: z.int(),
  errors: z.int(),
  accuracy: statisticSchema,
  macroAuroc: statisticSchema,
})
export type VersionEvaluation = z.infer<typeof versionEvaluationSchema>

export const modelVersionSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  number: z.int(),
  /** How people name it: `<model> v<number>`. */
  label: z.string(),
  /** Null where only the version's predictions were imported. */
  sha256: sha256Hex.nullable(),
  sizeBytes: z.int().nullable(),
  findingClasses: z.array(z.string()),
  preprocessing: preprocessing.nullable(),
  preprocessingSha256: sha256Hex.nullable(),
  /** Where the version is used; null until it is promoted. */
  stage: z.enum(['staging', 'canary', 'production']).nullable(),
  lineage: lineage.nullable(),
  card: storedCardSchema,
  admission: admissionReportSchema.nullable(),
  /** Succeeded evaluation runs. */
  evaluations: z.int(),
  /** The latest on each dataset, the most recently finished first. */
  latestEvaluations: z.array(versionEvaluationSchema),
  /** The latest on `final_eval`. */
  finalEvaluation: versionEvaluationSchema.nullable(),
  createdAt: instant,
  createdBy: z.string(),
  archivedAt: instant.nullable(),
})
export type ModelVersionView = z.infer<typeof modelVersionSchema>
