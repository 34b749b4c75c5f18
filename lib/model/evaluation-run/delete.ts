import { eq } from 'drizzle-orm'
import { evaluationRunErrors, evaluationRunResults, evaluationRuns } from '#db/schema/evaluation-run.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { changeRun, lockRun } from './change-run.ts'

/** Removes an ended run with its results and error rows. Predictions stay: they are of images, not of runs. */
export async function deleteEvaluationRun(context: Context, input: { id: string }): Promise<void> {
  await context.db.transaction(async (tx) => {
    const locked = await lockRun(tx, input.id)
    const { run } = await changeRun(tx, locked, { type: 'delete' })
    await tx.delete(evaluationRunErrors).where(eq(evaluationRunErrors.runId, run.id))
    await tx.delete(evaluationRunResults).where(eq(evaluationRunResults.runId, run.id))
    await tx.delete(evaluationRuns).where(eq(evaluationRuns.id, run.id))
    await recordAuditEvent(tx, context, {
      action: 'evaluation-run.delete',
      objectType: 'evaluation-run',
      objectId: run.id,
      before: { status: run.status, modelVersionId: run.modelVersionId, snapshotId: run.snapshotId },
    })
  })
}
