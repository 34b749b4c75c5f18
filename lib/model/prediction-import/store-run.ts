import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import {
  evaluationRunErrors,
  evaluationRunResults,
  evaluationRuns,
  predictionSets,
  predictions,
} from '#db/schema/evaluation-run.ts'
import { modelVersions } from '#db/schema/model-version.ts'
import { modelCardSha256 } from '#lib/model/card/read-card.ts'
import type { RunResult } from '#lib/model/evaluation-result/compute-metrics.ts'
import { FORMULA_VERSION } from '#lib/model/evaluation-result/formula-version.ts'
import { lockModel, nextNumber } from '#lib/model/registry/register.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { modelCardSchema } from '#lib/vocabulary/model-card.ts'
import type { KnownImage } from './find-target.ts'
import { inBatches } from './in-batches.ts'
import type { ImportPlan, PlannedRow } from './plan-import.ts'
import type { ImportedPredictions } from './schema.ts'

/** What stands in for an execution provider. */
export const IMPORTED = 'imported'

/** A version without a model file: its card says what is known, its name and its classes. */
export async function storeVersion(
  tx: Database,
  context: Context,
  { name, findingClasses }: ImportedPredictions['modelVersion'],
): Promise<string> {
  const modelId = await lockModel(tx, name)
  const number = await nextNumber(tx, modelId)
  const cardSha256 = modelCardSha256(modelCardSchema.parse({ name, findingClasses }))
  const [version] = await tx
    .insert(modelVersions)
    .values({
      modelId,
      number,
      card: { name, findingClasses },
      cardSha256,
      findingClasses,
      createdAt: context.now,
      createdBy: context.actor.id,
    })
    .returning({ id: modelVersions.id })
  if (version === undefined) throw new Error('The insert of a model version gave no row.')
  await recordAuditEvent(tx, context, {
    action: 'model-version.register',
    objectType: 'model-version',
    objectId: version.id,
    after: { name, number, sha256: null, cardSha256 },
  })
  return version.id
}

/** The set of the import's predictions; null where the same import, by its key, is stored already. */
export async function storePredictionSet(
  tx: Database,
  importKeySha256: string | null,
): Promise<number | null> {
  const [set] = await tx
    .insert(predictionSets)
    .values({ provider: IMPORTED, importKeySha256 })
    .onConflictDoNothing({ target: predictionSets.importKeySha256 })
    .returning({ id: predictionSets.id })
  return set?.id ?? null
}

/** A run that has succeeded already, with its rows and its numbers. */
export async function storeRun(
  tx: Database,
  context: Context,
  run: {
    modelVersionId: string
    snapshotId: string
    predictionSetId: number
    plan: ImportPlan
    result: RunResult
  },
): Promise<string> {
  const { plan, result, ...references } = run
  const id = randomUUID()
  await tx.insert(evaluationRuns).values({
    ...references,
    id,
    datasetId: plan.datasetId,
    status: 'succeeded',
    allowUnknownClasses: plan.excluded > 0,
    reusedCount: 0,
    createdAt: context.now,
    createdBy: context.actor.id,
    startedAt: context.now,
    finishedAt: context.now,
    deadline: context.now,
  })
  for (const rows of inBatches(plan.rows)) await insertPredictions(tx, { runId: id, ...references }, rows)
  for (const unpredicted of inBatches(plan.unpredicted)) await insertErrors(tx, id, unpredicted)
  await tx
    .insert(evaluationRunResults)
    .values({ runId: id, metrics: result, formulaVersion: FORMULA_VERSION, computedAt: context.now })
  return id
}

async function insertPredictions(
  tx: Database,
  { runId, predictionSetId }: { runId: string; predictionSetId: number },
  rows: readonly PlannedRow[],
): Promise<void> {
  // Each row's probabilities travel as the text of an array, as in `write-batch.ts`: the float64 come back exactly.
  await tx.execute(sql`
    insert into ${predictions} (prediction_set_id, image_sha256, predicted_index, probabilities, run_id, epoch)
    select ${predictionSetId}, image_sha256, predicted_index, probabilities::double precision[], ${runId}::uuid, 0
    from unnest(
      ${sql.param(rows.map(({ image }) => Buffer.from(image.sha256, 'hex')))}::bytea[],
      ${sql.param(rows.map(({ predictedIndex }) => predictedIndex))}::smallint[],
      ${sql.param(rows.map(({ probabilities }) => `{${probabilities.join(',')}}`))}::text[]
    ) as answer (image_sha256, predicted_index, probabilities)
    on conflict do nothing -- the same bytes in two classes have one prediction`)
}

async function insertErrors(tx: Database, runId: string, images: readonly KnownImage[]): Promise<void> {
  const message = 'The import has no prediction of this image.'
  await tx.execute(sql`
    insert into ${evaluationRunErrors} (run_id, image_id, code, message, epoch)
    select ${runId}::uuid, image_id, 'NOT_PREDICTED', ${message}, 0
    from unnest(${sql.param(images.map(({ id }) => id))}::bigint[]) as image_id`)
}
