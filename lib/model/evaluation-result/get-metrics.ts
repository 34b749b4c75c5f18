import { eq, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { evaluationRunResults } from '#db/schema/evaluation-run.ts'
import { getRun } from '#lib/model/evaluation-run/queries.ts'
import type { Context } from '#lib/platform/context.ts'
import { FORMULA_VERSION } from './formula-version.ts'
import { refuseUnlessSucceeded, renewResult } from './renew-result.ts'
import type { RunMetrics } from './schema.ts'

/** A succeeded run's stored metrics; those of an older formula are computed anew first. */
export async function getEvaluationMetrics(
  context: Pick<Context, 'db'>,
  input: { id: string },
): Promise<RunMetrics> {
  const { db } = context
  const run = await getRun(db, input.id)
  refuseUnlessSucceeded(run)
  const stored = await findMetrics(db, run.id)
  if (stored?.formulaVersion === FORMULA_VERSION) return stored.metrics
  const { curves: _curves, ...metrics } = await renewResult(db, run)
  return metrics
}

async function findMetrics(db: Database, runId: string) {
  const [stored] = await db
    .select({
      formulaVersion: evaluationRunResults.formulaVersion,
      metrics: sql<RunMetrics>`${evaluationRunResults.metrics} - 'curves'`,
    })
    .from(evaluationRunResults)
    .where(eq(evaluationRunResults.runId, runId))
  return stored
}
