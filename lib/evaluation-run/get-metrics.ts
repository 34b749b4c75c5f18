import { and, eq } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { evaluationRunResults, evaluationRuns } from '#db/schema/evaluation-run.ts'
import type { Context } from '#lib/context.ts'
import { ServiceError } from '#lib/errors.ts'
import type { RunRow } from './change-run.ts'
import { computeMetrics, type RunMetrics } from './compute-metrics.ts'
import { FORMULA_VERSION } from './formula-version.ts'
import { getRun } from './queries.ts'
import { loadSubject } from './subject.ts'

/** A succeeded run's stored metrics; those of an older formula are computed anew first. */
export async function getEvaluationMetrics(
  context: Pick<Context, 'db'>,
  input: { id: string },
): Promise<RunMetrics> {
  const { db } = context
  const run = await getRun(db, input.id)
  if (run.status !== 'succeeded')
    throw new ServiceError('CONFLICT', `The run is ${run.status}: only a succeeded run has metrics.`, {
      code: 'RUN_NOT_SUCCEEDED',
    })
  const [stored] = await db.select().from(evaluationRunResults).where(eq(evaluationRunResults.runId, run.id))
  if (stored?.formulaVersion === FORMULA_VERSION) return stored.metrics as RunMetrics
  return await renewMetrics(db, run)
}

async function renewMetrics(db: Database, run: RunRow): Promise<RunMetrics> {
  const { scope, model } = await loadSubject(db, run)
  const { metrics } = await computeMetrics(db, scope, model.card)
  await db.transaction(async (tx) => {
    // A retry meanwhile has made other rows of it.
    const [held] = await tx
      .select({ id: evaluationRuns.id })
      .from(evaluationRuns)
      .where(and(eq(evaluationRuns.id, run.id), eq(evaluationRuns.epoch, run.epoch)))
      .for('update')
    if (held === undefined) return
    const result = { metrics, formulaVersion: FORMULA_VERSION }
    await tx
      .insert(evaluationRunResults)
      .values({ runId: run.id, ...result })
      .onConflictDoUpdate({ target: evaluationRunResults.runId, set: result })
  })
  return metrics
}
