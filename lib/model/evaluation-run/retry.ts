import { eq } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { datasetSnapshots, datasets } from '#db/schema/dataset.ts'
import { evaluationRunErrors, evaluationRunResults, evaluationRuns } from '#db/schema/evaluation-run.ts'
import { modelVersions } from '#db/schema/model-version.ts'
import { requestSnapshot } from '#lib/data/snapshot/create-snapshot.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import { announceWork } from '#lib/platform/background/announce-work.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { changeRun, lockRun, type RunRow } from './change-run.ts'
import { countRun } from './progress.ts'

/** Queues an ended run again: its error rows are forgotten, and they and what is missing are asked for anew. */
export async function retryEvaluationRun(context: Context, input: { id: string }): Promise<RunRow> {
  const retried = await context.db.transaction(async (tx) => {
    const locked = await lockRun(tx, input.id)
    await refuseWithoutModel(tx, locked.run)
    const { errors, total, done } = await countRun(tx, input.id)
    const { run } = await changeRun(tx, locked, { type: 'retry', errors, missing: total - done })
    await tx.delete(evaluationRunErrors).where(eq(evaluationRunErrors.runId, run.id))
    await tx.delete(evaluationRunResults).where(eq(evaluationRunResults.runId, run.id))
    const snapshotId = await renewFailedSnapshot(tx, context, run)
    await recordAuditEvent(tx, context, {
      action: 'evaluation-run.retry',
      objectType: 'evaluation-run',
      objectId: run.id,
      before: { status: locked.run.status, errors },
      after: { status: run.status, snapshotId },
    })
    return { ...run, snapshotId }
  })
  announceWork(context.db)
  return retried
}

/** What was imported would be given up, with nothing to ask again. */
async function refuseWithoutModel(tx: Database, run: RunRow): Promise<void> {
  const [version] = await tx
    .select({ sha256: modelVersions.sha256 })
    .from(modelVersions)
    .where(eq(modelVersions.id, run.modelVersionId))
  if (version?.sha256 === null)
    throw new ServiceError('CONFLICT', 'The run was imported: there is no model to run again.', {
      code: 'NO_MODEL_FILE',
    })
}

/** A manifest that could not be frozen is scanned again; a frozen one stays, whatever became of the dataset. */
async function renewFailedSnapshot(tx: Database, context: Context, run: RunRow): Promise<string> {
  const [row] = await tx
    .select({ status: datasetSnapshots.status, dataset: datasets.name, archivedAt: datasets.archivedAt })
    .from(datasetSnapshots)
    .innerJoin(datasets, eq(datasets.id, datasetSnapshots.datasetId))
    .where(eq(datasetSnapshots.id, run.snapshotId))
  if (row === undefined || row.status !== 'failed') return run.snapshotId
  if (row.archivedAt !== null)
    throw new ServiceError('CONFLICT', `The dataset ${row.dataset} is archived and cannot be scanned.`, {
      code: 'DATASET_ARCHIVED',
    })
  const { snapshot } = await requestSnapshot(tx, context, { dataset: row.dataset })
  await tx.update(evaluationRuns).set({ snapshotId: snapshot.id }).where(eq(evaluationRuns.id, run.id))
  return snapshot.id
}
