import { eq, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { decide, type RunDecision, type RunEvent } from './lifecycle.ts'
import { countRun } from './progress.ts'

export type RunRow = typeof evaluationRuns.$inferSelect

/** The database's clock, at this statement and not at the transaction's start: the only one that leases know. */
export const databaseNow = sql`clock_timestamp()`.mapWith(evaluationRuns.createdAt)

/** The run's row, held against every other writer until the transaction ends. */
export async function lockRun(tx: Database, runId: string): Promise<{ run: RunRow; now: Date }> {
  const [row] = await tx
    .select({ run: evaluationRuns, now: databaseNow })
    .from(evaluationRuns)
    .where(eq(evaluationRuns.id, runId))
    .for('update')
  if (row === undefined) throw noSuchRun(runId)
  return row
}

/** Applies an event to a locked run: the decision, and the row as it is afterwards, with its counts if it has ended. */
export async function changeRun(
  tx: Database,
  { run, now }: { run: RunRow; now: Date },
  event: RunEvent,
): Promise<{ decision: RunDecision; run: RunRow }> {
  const decision = decide(run, event, now)
  if (decision.kind === 'refuse')
    throw new ServiceError('CONFLICT', decision.message, { code: decision.code })
  if (decision.kind !== 'change' || Object.keys(decision.change).length === 0) return { decision, run }
  const [changed] = await tx
    .update(evaluationRuns)
    .set({ ...decision.change, ...(decision.change.finishedAt ? await countsOf(tx, run.id) : {}) })
    .where(eq(evaluationRuns.id, run.id))
    .returning()
  if (changed === undefined) throw new Error(`Run ${run.id} vanished while it was locked.`)
  return { decision, run: changed }
}

/** They change no more, and lists need not count them again. Nothing where the images are not known yet. */
async function countsOf(tx: Database, runId: string) {
  const { total, done, errors, excluded } = await countRun(tx, runId)
  if (total + excluded === 0) return {}
  return { imageCount: total, doneCount: done, errorCount: errors, excludedCount: excluded }
}

export function noSuchRun(runId: string): ServiceError {
  return new ServiceError('NOT_FOUND', `There is no evaluation run ${runId}.`)
}
