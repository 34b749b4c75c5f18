import type { Database } from '#db/client.ts'
import { evaluationRunResults } from '#db/schema/evaluation-run.ts'
import { FORMULA_VERSION } from '#lib/model/evaluation-result/formula-version.ts'
import type { RunMetrics } from '#lib/model/evaluation-result/schema.ts'
import { changeRun, lockRun } from '#lib/model/evaluation-run/change-run.ts'
import type { RunDecision, RunEvent } from '#lib/model/evaluation-run/lifecycle.ts'
import { countRun } from '#lib/model/evaluation-run/progress.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { type Lease, LeaseLost } from '#lib/platform/lease/lease.ts'

/** Succeeded, with its numbers and the record of it, if we still hold the run and nothing is missing; else false. */
export async function finishRun(context: Context, lease: Lease, metrics: RunMetrics): Promise<boolean> {
  return await context.db.transaction(async (tx) => {
    const locked = await lockRun(tx, lease.id)
    const counts = await countRun(tx, lease.id)
    const missing = counts.total - counts.done
    const { decision } = await changeRun(tx, locked, { type: 'finish', epoch: lease.epoch, missing })
    if (decision.kind === 'stale') throw lost(lease)
    if (decision.kind !== 'change') return false
    const result = { metrics, formulaVersion: FORMULA_VERSION, computedAt: locked.now }
    await tx
      .insert(evaluationRunResults)
      .values({ runId: lease.id, ...result })
      .onConflictDoUpdate({ target: evaluationRunResults.runId, set: result })
    await recordAuditEvent(tx, context, {
      action: 'evaluation-run.succeed',
      objectType: 'evaluation-run',
      objectId: lease.id,
      before: { status: 'running' },
      after: {
        status: 'succeeded',
        n: metrics.n,
        errors: metrics.errors,
        accuracy: metrics.overall.accuracy,
      },
    })
    return true
  })
}

export async function failRun(
  context: Context,
  lease: Lease,
  failure: { code: string; detail: string },
): Promise<void> {
  await context.db.transaction(async (tx) => {
    const event: RunEvent = { type: 'fail', epoch: lease.epoch, ...failure }
    if ((await apply(tx, lease, event)).kind === 'stale') throw lost(lease)
    await recordAuditEvent(tx, context, {
      action: 'evaluation-run.fail',
      objectType: 'evaluation-run',
      objectId: lease.id,
      before: { status: 'running' },
      after: { status: 'failed', code: failure.code },
    })
  })
}

/** Gives the run up unfinished, for any process to claim. A run that is not ours is left alone. */
export async function releaseRun(
  db: Database,
  lease: Lease,
  why: { reason: 'stopped' } | { reason: 'fault' | 'outage'; afterSeconds: number },
): Promise<void> {
  await db.transaction((tx) => apply(tx, lease, { type: 'release', epoch: lease.epoch, ...why }))
}

async function apply(tx: Database, lease: Lease, event: RunEvent): Promise<RunDecision> {
  return (await changeRun(tx, await lockRun(tx, lease.id), event)).decision
}

function lost(lease: Lease): LeaseLost {
  return new LeaseLost(`Run ${lease.id} is no longer held at epoch ${lease.epoch}.`)
}
