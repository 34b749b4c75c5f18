import { eq, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { evaluationRunResults } from '#db/schema/evaluation-run.ts'
import { getRun } from '#lib/model/evaluation-run/queries.ts'
import type { Context } from '#lib/platform/context.ts'
import type { EvaluationCurves } from '#lib/statistics/evaluation-curves.ts'
import { FORMULA_VERSION } from './formula-version.ts'
import { refuseUnlessSucceeded, renewResult } from './renew-result.ts'
import type { RunCurves } from './schema.ts'

/** A succeeded run's reliability diagram, ROC curves and confidence histogram, stored with its metrics. */
export async function getRunCurves(context: Pick<Context, 'db'>, input: { id: string }): Promise<RunCurves> {
  const { db } = context
  const run = await getRun(db, input.id)
  refuseUnlessSucceeded(run)
  const stored = await findCurves(db, run.id)
  const curves =
    stored?.formulaVersion === FORMULA_VERSION && stored.curves !== null
      ? stored.curves
      : (await renewResult(db, run)).curves
  return {
    n: curves.n,
    reliability: curves.reliability,
    roc: curves.roc.map(({ findingClass, auroc, points, positives, negatives }) => ({
      findingClass,
      n: positives,
      auroc,
      points: points.map(([falsePositives, truePositives]) => [
        falsePositives / negatives,
        truePositives / positives,
      ]),
    })),
    confidence: { bins: curves.confidence },
  }
}

async function findCurves(db: Database, runId: string) {
  const [stored] = await db
    .select({
      formulaVersion: evaluationRunResults.formulaVersion,
      curves: sql<EvaluationCurves | null>`${evaluationRunResults.metrics} -> 'curves'`,
    })
    .from(evaluationRunResults)
    .where(eq(evaluationRunResults.runId, runId))
  return stored
}
