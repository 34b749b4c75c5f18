import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { changeRun, lockRun, type RunRow } from './change-run.ts'

/** Stops a run; what it has stored stays. Cancelling a cancelled run changes nothing. */
export async function cancelEvaluationRun(context: Context, input: { id: string }): Promise<RunRow> {
  return await context.db.transaction(async (tx) => {
    const locked = await lockRun(tx, input.id)
    const { decision, run } = await changeRun(tx, locked, { type: 'cancel' })
    if (decision.kind !== 'change') return run
    await recordAuditEvent(tx, context, {
      action: 'evaluation-run.cancel',
      objectType: 'evaluation-run',
      objectId: run.id,
      before: { status: locked.run.status },
      after: { status: run.status },
    })
    return run
  })
}
