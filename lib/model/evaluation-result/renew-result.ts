import { and, eq } from 'drizzle-orm'
import { type Database, originOf } from '#db/client.ts'
import { evaluationRunResults, evaluationRuns } from '#db/schema/evaluation-run.ts'
import { modelVersions } from '#db/schema/model-version.ts'
import { readStoredCard } from '#lib/model/card/read-card.ts'
import type { RunRow } from '#lib/model/evaluation-run/change-run.ts'
import { getScope } from '#lib/model/evaluation-run/queries.ts'
import { heavyReadsOf } from '#lib/platform/concurrency/heavy-reads.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { computeMetrics, type RunResult } from './compute-metrics.ts'
import { FORMULA_VERSION } from './formula-version.ts'

/** Only a run that has succeeded has all its rows, and so numbers. */
export function refuseUnlessSucceeded(run: RunRow): void {
  if (run.status !== 'succeeded')
    throw new ServiceError('CONFLICT', `The run is ${run.status}: only a succeeded run has metrics.`, {
      code: 'RUN_NOT_SUCCEEDED',
    })
}

const underWay = new WeakMap<Database, Map<string, Promise<RunResult>>>()

/** A succeeded run's result computed from its rows and stored; all who ask at once share one computation. */
export function renewResult(db: Database, run: RunRow): Promise<RunResult> {
  const byRun = underWay.get(originOf(db)) ?? new Map<string, Promise<RunResult>>()
  underWay.set(originOf(db), byRun)
  const key = `${run.id} ${run.epoch}`
  // Every reader needs it, and it is stored: it waits for a place in no caller's name, and runs to its end.
  const begin = () => heavyReadsOf(db).reads.run(() => renew(originOf(db), run), { caller: `renew ${key}` })
  const renewing = byRun.get(key) ?? begin().finally(() => byRun.delete(key))
  byRun.set(key, renewing)
  return renewing
}

async function renew(db: Database, run: RunRow): Promise<RunResult> {
  const [version] = await db
    .select({ card: modelVersions.card })
    .from(modelVersions)
    .where(eq(modelVersions.id, run.modelVersionId))
  if (version === undefined) throw new Error(`Run ${run.id} refers to a version that is not there.`)
  const { metrics } = await computeMetrics(db, await getScope(db, run), readStoredCard(version.card))
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
