import { and, eq, getTableColumns, inArray, type SQL, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { apiKeys, users } from '#db/schema/auth.ts'
import { datasetSnapshots, datasets } from '#db/schema/dataset.ts'
import { evaluationRunResults, evaluationRuns, predictionSets } from '#db/schema/evaluation-run.ts'
import { models, modelVersions } from '#db/schema/model-version.ts'
import { countLeftOut } from '#lib/data/snapshot/count-left-out.ts'
import { apiKeyLabel } from '#lib/platform/auth/api-key-label.ts'
import type { Context } from '#lib/platform/context.ts'
import type { Statistic } from '#lib/vocabulary/statistic.ts'
import { noSuchRun, type RunRow } from './change-run.ts'
import type { RunScope } from './manifest.ts'
import { countRuns, type RunCounts } from './progress.ts'
import { runDurations } from './run-durations.ts'
import { isAfter, orderOf, type RunPlace } from './run-order.ts'
import type { EvaluationRunSummary, RunSort, RunStatus } from './schema.ts'

export type RunFilter = {
  status?: RunStatus | undefined
  dataset?: string | undefined
  modelVersionId?: string | undefined
}

/** Newest first unless sorted otherwise; a page goes on after the run `after`. */
export async function listEvaluationRuns(
  context: Pick<Context, 'db'>,
  query: RunFilter & { sort?: RunSort | undefined; after: RunPlace | null; take: number },
): Promise<EvaluationRunSummary[]> {
  const sort = query.sort ?? 'created-desc'
  const conditions: (SQL | undefined)[] = [
    query.status === undefined ? undefined : eq(evaluationRuns.status, query.status),
    query.dataset === undefined ? undefined : eq(datasets.name, query.dataset),
    query.modelVersionId === undefined ? undefined : eq(evaluationRuns.modelVersionId, query.modelVersionId),
    query.after === null ? undefined : isAfter(sort, query.after),
  ]
  const rows = await selectRuns(context.db)
    .where(and(...conditions))
    .orderBy(...orderOf(sort))
    .limit(query.take)
  return await summarise(context.db, rows)
}

export async function getEvaluationRun(
  context: Pick<Context, 'db'>,
  input: { id: string },
): Promise<EvaluationRunSummary> {
  const [run] = await findEvaluationRuns(context, [input.id])
  if (run === undefined) throw noSuchRun(input.id)
  return run
}

/** Those of the ids that there are, all in one query. */
export async function findEvaluationRuns(
  context: Pick<Context, 'db'>,
  ids: readonly string[],
): Promise<EvaluationRunSummary[]> {
  if (ids.length === 0) return []
  const rows = await selectRuns(context.db).where(inArray(evaluationRuns.id, [...ids]))
  return await summarise(context.db, rows)
}

export async function getRun(db: Database, id: string): Promise<RunRow> {
  const [run] = await db.select().from(evaluationRuns).where(eq(evaluationRuns.id, id))
  if (run === undefined) throw noSuchRun(id)
  return run
}

export async function getScope(db: Database, run: RunRow): Promise<RunScope> {
  const [version] = await db
    .select({ findingClasses: modelVersions.findingClasses })
    .from(modelVersions)
    .where(eq(modelVersions.id, run.modelVersionId))
  if (version === undefined) throw new Error(`Run ${run.id} refers to a version that is not there.`)
  return {
    runId: run.id,
    snapshotId: run.snapshotId,
    predictionSetId: run.predictionSetId,
    findingClasses: version.findingClasses,
  }
}

const storedCount = (name: 'n' | 'errors' | 'excluded') =>
  sql<number | null>`(${evaluationRunResults.metrics} ->> ${sql.raw(`'${name}'`)})::integer`

function selectRuns(db: Database) {
  return db
    .select({
      run: getTableColumns(evaluationRuns),
      modelName: models.name,
      versionNumber: modelVersions.number,
      dataset: datasets.name,
      snapshot: getTableColumns(datasetSnapshots),
      provider: predictionSets.provider,
      n: storedCount('n'),
      errors: storedCount('errors'),
      excluded: storedCount('excluded'),
      accuracy: sql<Statistic | null>`${evaluationRunResults.metrics} #> '{intervals,accuracy}'`,
      personName: users.name,
      keyName: apiKeys.name,
      keyHint: apiKeys.hint,
      now: sql`clock_timestamp()`.mapWith(evaluationRuns.createdAt),
    })
    .from(evaluationRuns)
    .innerJoin(modelVersions, eq(modelVersions.id, evaluationRuns.modelVersionId))
    .innerJoin(models, eq(models.id, modelVersions.modelId))
    .innerJoin(datasets, eq(datasets.id, evaluationRuns.datasetId))
    .innerJoin(datasetSnapshots, eq(datasetSnapshots.id, evaluationRuns.snapshotId))
    .leftJoin(predictionSets, eq(predictionSets.id, evaluationRuns.predictionSetId))
    .leftJoin(evaluationRunResults, eq(evaluationRunResults.runId, evaluationRuns.id))
    .leftJoin(users, eq(users.id, evaluationRuns.createdBy))
    .leftJoin(apiKeys, sql`${apiKeys.id}::text = ${evaluationRuns.createdBy}`)
    .$dynamic()
}

type SelectedRun = Awaited<ReturnType<typeof selectRuns>>[number]

/** An ended run's counts are stored; the rows of runs under way are counted, all in one query. */
async function summarise(db: Database, rows: readonly SelectedRun[]): Promise<EvaluationRunSummary[]> {
  const counts = new Map(rows.map((row) => [row.run.id, storedCounts(row)]))
  const uncounted = rows.filter((row) => counts.get(row.run.id) === null).map((row) => row.run.id)
  const counted = await countRuns(db, uncounted)
  const leftOut = await countLeftOut(
    db,
    rows.map((row) => row.run.snapshotId),
  )
  return rows.map((row) => ({
    ...summariseRun(row, counts.get(row.run.id) ?? counted.get(row.run.id) ?? NOTHING_COUNTED),
    leftOut: leftOut.get(row.run.snapshotId) ?? [],
  }))
}

const NOTHING_COUNTED: RunCounts = { total: 0, done: 0, errors: 0, excluded: 0 }

function storedCounts({ run, n, errors, excluded }: SelectedRun): RunCounts | null {
  const { imageCount: total, doneCount: done, errorCount, excludedCount } = run
  if (total !== null && done !== null && errorCount !== null && excludedCount !== null)
    return { total, done, errors: errorCount, excluded: excludedCount }
  if (run.status !== 'succeeded' || n === null || errors === null) return null
  return { total: n + errors, done: n + errors, errors, excluded: excluded ?? 0 }
}

function makerOf({ run, personName, keyName, keyHint }: SelectedRun): string {
  if (keyName !== null && keyHint !== null) return apiKeyLabel({ name: keyName, hint: keyHint })
  return personName ?? run.createdBy
}

function summariseRun(row: SelectedRun, counts: RunCounts): Omit<EvaluationRunSummary, 'leftOut'> {
  const { run, snapshot } = row
  return {
    id: run.id,
    modelVersionId: run.modelVersionId,
    modelVersion: { name: row.modelName, number: row.versionNumber },
    modelName: row.modelName,
    versionLabel: `${row.modelName} v${row.versionNumber}`,
    dataset: row.dataset,
    snapshotId: run.snapshotId,
    status: run.status,
    progress: { done: counts.done, errors: counts.errors, total: counts.total },
    reused: run.reusedCount,
    excluded: counts.excluded,
    allowUnknownClasses: run.allowUnknownClasses,
    provider: row.provider,
    accuracy: run.status === 'succeeded' ? row.accuracy : null,
    timings: runDurations(run, snapshot, {
      evaluatedCount: counts.done - (run.settledBeforeCount ?? run.reusedCount ?? 0),
      leftCount: counts.total - counts.done,
      now: row.now,
    }),
    reason: run.failureDetail,
    reasonCode: run.failureCode,
    scan: { status: snapshot.status, listed: snapshot.listedCount, hashed: snapshot.hashedCount },
    createdAt: run.createdAt,
    createdBy: run.createdBy,
    createdByName: makerOf(row),
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
  }
}
