import { and, asc, eq, inArray, lt, ne, or, sql } from 'drizzle-orm'
import { datasetSnapshots } from '#db/schema/dataset.ts'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import { changeRun, databaseNow, type RunRow } from '#lib/model/evaluation-run/change-run.ts'
import type { SnapshotState } from '#lib/model/evaluation-run/lifecycle.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { isFree } from '#lib/platform/lease/lease.ts'
import { RUN_WORK } from './run-lease.ts'

export type ClaimResult =
  /** The run is ours at its epoch. */
  | { kind: 'claimed'; run: RunRow }
  /** A run ended without being executed: its deadline or its snapshot. */
  | { kind: 'ended'; run: RunRow }
  | { kind: 'none' }

/**
 * Takes the oldest run that no process works on, new or abandoned: its lease is over by the database's clock. Of any
 * number of claimants at once exactly one gets it; the others skip its locked row.
 */
export async function claimNextRun(context: Context, owner: string): Promise<ClaimResult> {
  return await context.db.transaction(async (tx) => {
    const [row] = await tx
      .select({ run: evaluationRuns, snapshot: datasetSnapshots, now: databaseNow })
      .from(evaluationRuns)
      .innerJoin(datasetSnapshots, eq(datasetSnapshots.id, evaluationRuns.snapshotId))
      .where(
        and(
          inArray(evaluationRuns.status, ['queued', 'running']),
          isFree(RUN_WORK),
          or(ne(datasetSnapshots.status, 'scanning'), lt(evaluationRuns.deadline, sql`clock_timestamp()`)),
        ),
      )
      .orderBy(asc(evaluationRuns.createdAt), asc(evaluationRuns.id))
      .limit(1)
      .for('update', { of: evaluationRuns, skipLocked: true })
    if (row === undefined) return { kind: 'none' }
    const snapshot = snapshotState(row.snapshot)
    const { decision, run } = await changeRun(tx, row, { type: 'claim', owner, snapshot })
    if (decision.kind !== 'change') return { kind: 'none' }
    if (run.status === 'running') return { kind: 'claimed', run }
    await recordAuditEvent(tx, context, {
      action: 'evaluation-run.fail',
      objectType: 'evaluation-run',
      objectId: run.id,
      before: { status: row.run.status },
      after: { status: run.status, code: run.failureCode },
    })
    return { kind: 'ended', run }
  })
}

function snapshotState(row: typeof datasetSnapshots.$inferSelect): SnapshotState {
  if (row.status !== 'failed') return { status: row.status }
  const detail = row.failureDetail ?? 'The scan of the dataset failed.'
  return { status: 'failed', code: row.failureCode ?? 'SCAN_FAILED', detail }
}
