import { and, eq } from 'drizzle-orm'
import { datasetSnapshots, datasets } from '#db/schema/dataset.ts'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import { getActiveDataset } from '#lib/data/dataset-source/find-active.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { listBlockingRuns } from './blocking-runs.ts'

/** Takes a dataset out of use; its name becomes free, its images and files stay. Refused while runs depend on it. */
export async function archiveDataset(context: Context, input: { name: string }): Promise<void> {
  await context.db.transaction(async (tx) => {
    const dataset = await getActiveDataset(tx, input.name, 'no key update')
    const depends = eq(evaluationRuns.datasetId, dataset.id)
    const runCount = await tx.$count(evaluationRuns, depends)
    if (runCount > 0) {
      const runs = runCount === 1 ? '1 evaluation run depends' : `${runCount} evaluation runs depend`
      throw new ServiceError('CONFLICT', `${runs} on the dataset ${dataset.name}: delete them first.`, {
        code: 'DATASET_IN_USE',
        details: { evaluationRuns: runCount, blockedBy: await listBlockingRuns(tx, depends) },
      })
    }
    await tx.update(datasets).set({ archivedAt: context.now }).where(eq(datasets.id, dataset.id))
    await tx
      .update(datasetSnapshots)
      .set({ status: 'failed', failureCode: 'DATASET_ARCHIVED', finishedAt: context.now, leaseUntil: null })
      .where(and(eq(datasetSnapshots.datasetId, dataset.id), eq(datasetSnapshots.status, 'scanning')))
    await recordAuditEvent(tx, context, {
      action: 'dataset.archive',
      objectType: 'dataset',
      objectId: dataset.id,
      before: { name: dataset.name, location: dataset.location },
    })
  })
}
