import type { Database } from '#db/client.ts'
import { evaluationRunResults } from '#db/schema/evaluation-run.ts'
import type { RunMetrics } from '#lib/model/evaluation-result/compute-metrics.ts'
import { FORMULA_VERSION } from '#lib/model/evaluation-result/formula-version.ts'
import { changeRun, lockRun } from '#lib/model/evaluation-run/change-run.ts'
import type { RunDecision, RunEvent } from '#lib/model/evaluation-run/lifecycle.ts'
import { countRun } from '#lib/model/evaluation-run/progress.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { type Ownership, OwnershipLost } from './write-batch.ts'

/** Succeeded, with its numbers and the record of it, if we still hold the run and nothing is missing; else false. */
export async function finishRun(context: Context, owner: Ownership, metrics: RunMetrics): Promise<boolean> {
  return await context.db.transaction(async (tx) => {
    const locked = await lockRun(tx, owner.runId)
    const counts = await countRun(tx, owner.runId)
    const missing = counts.total - counts.done
    const { decision } = await changeRun(tx, locked, { type: 'finish', epoch: owner.epoch, missing })
    if (decision.kind === 'stale') throw lost(owner)
    if (decision.kind !== 'change') return false
    const result = { metrics, formulaVersion: FORMULA_VERSION, computedAt: locked.now }
    await tx
      .insert(evaluationRunResults)
      .values({ runId: owner.runId, ...result })
      .onConflictDoUpdate({ target: evaluationRunResults.runId, set: result })
    await recordAuditEvent(tx, context, {
      action: 'evaluation-run.succeed',
      objectType: 'evaluation-run',
      objectId: owner.runId,
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
  owner: Ownership,
  failure: { code: string; detail: string },
): Promise<void> {
  await context.db.transaction(async (tx) => {
    const event: RunEvent = { type: 'fail', epoch: owner.epoch, ...failure }
    if ((await apply(tx, owner, event)).kind === 'stale') throw lost(owner)
    await recordAuditEvent(tx, context, {
      action: 'evaluation-run.fail',
      objectType: 'evaluation-run',
      objectId: owner.runId,
      before: { status: 'running' },
      after: { status: 'failed', code: failure.code },
    })
  })
}

/** Gives the run up unfinished, for any process to claim. A run that is not ours is left alone. */
export async function releaseRun(
  db: Database,
  owner: Ownership,
  why: { reason: 'stopped' } | { reason: 'fault' | 'outage'; afterSeconds: number },
): Promise<void> {
  await db.transaction((tx) => apply(tx, owner, { type: 'release', epoch: owner.epoch, ...why }))
}

async function apply(tx: Database, owner: Ownership, event: RunEvent): Promise<RunDecision> {
  return (await changeRun(tx, await lockRun(tx, owner.runId), event)).decision
}

function lost(owner: Ownership): OwnershipLost {
  return new OwnershipLost(`Run ${owner.runId} is no longer held at epoch ${owner.epoch}.`)
}
