import { and, desc, eq, getTableColumns, lt, or, type SQL, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { datasetSnapshots, datasets } from '#db/schema/dataset.ts'
import {
  evaluationRunResults,
  evaluationRuns,
  predictionSets,
  type RUN_STATUSES,
} from '#db/schema/evaluation-run.ts'
import { models, modelVersions } from '#db/schema/model-version.ts'
import type { Context } from '#lib/context.ts'
import { noSuchRun, type RunRow } from './change-run.ts'
import type { RunScope } from './manifest.ts'
import { countRuns, type RunCounts } from './progress.ts'
import { type RunDurations, runDurations } from './run-durations.ts'

export type RunStatus = (typeof RUN_STATUSES)[number]

export type EvaluationRunSummary = {
  id: string
  modelVersionId: string
  modelVersion: { name: string; number: number }
  dataset: string
  snapshotId: string
  status: RunStatus
  /** `done` includes errors. */
  progress: { done: number; errors: number; total: number }
  /** Images whose prediction was stored before this run asked; null until counted. */
  reused: number | null
  excluded: number
  allowUnknownClasses: boolean
  provider: string | null
  timings: RunDurations
  /** Why it failed, or stands still. */
  reason: string | null
  reasonCode: string | null
  /** The scan that the run waits for, while it does. */
  scan: { status: 'scanning' | 'ready' | 'failed'; listed: number; hashed: number }
  createdAt: Date
  createdBy: string
  startedAt: Date | null
  finishedAt: Date | null
}

export type RunFilter = {
  status?: RunStatus | undefined
  dataset?: string | undefined
  modelVersionId?: string | undefined
}

/** Newest first. `after`: the creation time and id of the last run of the page before. */
export async function listEvaluationRuns(
  context: Pick<Context, 'db'>,
  query: RunFilter & { after: { createdAt: Date; id: string } | null; take: number },
): Promise<EvaluationRunSummary[]> {
  const conditions: (SQL | undefined)[] = [
    query.status === undefined ? undefined : eq(evaluationRuns.status, query.status),
    query.dataset === undefined ? undefined : eq(datasets.name, query.dataset),
    query.modelVersionId === undefined ? undefined : eq(evaluationRuns.modelVersionId, query.modelVersionId),
    query.after === null ? undefined : isAfter(query.after),
  ]
  const rows = await selectRuns(context.db)
    .where(and(...conditions))
    .orderBy(desc(listTime), desc(evaluationRuns.id))
    .limit(query.take)
  return await summarise(context.db, rows)
}

export async function getEvaluationRun(
  context: Pick<Context, 'db'>,
  input: { id: string },
): Promise<EvaluationRunSummary> {
  const rows = await selectRuns(context.db).where(eq(evaluationRuns.id, input.id))
  const [run] = await summarise(context.db, rows)
  if (run === undefined) throw noSuchRun(input.id)
  return run
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

/** Cursors carry JavaScript's milliseconds, the column microseconds: the order must be one that both can tell. */
const listTime = sql`date_trunc('milliseconds', ${evaluationRuns.createdAt})`

function isAfter({ createdAt, id }: { createdAt: Date; id: string }): SQL | undefined {
  const at = createdAt.toISOString()
  return or(
    sql`${listTime} < ${at}::timestamptz`,
    and(sql`${listTime} = ${at}::timestamptz`, lt(evaluationRuns.id, id)),
  )
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
      now: sql`clock_timestamp()`.mapWith(evaluationRuns.createdAt),
    })
    .from(evaluationRuns)
    .innerJoin(modelVersions, eq(modelVersions.id, evaluationRuns.modelVersionId))
    .innerJoin(models, eq(models.id, modelVersions.modelId))
    .innerJoin(datasets, eq(datasets.id, evaluationRuns.datasetId))
    .innerJoin(datasetSnapshots, eq(datasetSnapshots.id, evaluationRuns.snapshotId))
    .leftJoin(predictionSets, eq(predictionSets.id, evaluationRuns.predictionSetId))
    .leftJoin(evaluationRunResults, eq(evaluationRunResults.runId, evaluationRuns.id))
    .$dynamic()
}

type SelectedRun = Awaited<ReturnType<typeof selectRuns>>[number]

/** A succeeded run's counts are in its result; the others' rows are counted, all in one query. */
async function summarise(db: Database, rows: readonly SelectedRun[]): Promise<EvaluationRunSummary[]> {
  const counts = new Map(rows.map((row) => [row.run.id, storedCounts(row)]))
  const uncounted = rows.filter((row) => counts.get(row.run.id) === null).map((row) => row.run.id)
  const counted = await countRuns(db, uncounted)
  return rows.map((row) =>
    summariseRun(row, counts.get(row.run.id) ?? counted.get(row.run.id) ?? NOTHING_COUNTED),
  )
}

const NOTHING_COUNTED: RunCounts = { total: 0, done: 0, errors: 0, excluded: 0 }

function storedCounts({ run, n, errors, excluded }: SelectedRun): RunCounts | null {
  if (run.status !== 'succeeded' || n === null || errors === null) return null
  return { total: n + errors, done: n + errors, errors, excluded: excluded ?? 0 }
}

function summariseRun(row: SelectedRun, counts: RunCounts): EvaluationRunSummary {
  const { run, snapshot } = row
  return {
    id: run.id,
    modelVersionId: run.modelVersionId,
    modelVersion: { name: row.modelName, number: row.versionNumber },
    dataset: row.dataset,
    snapshotId: run.snapshotId,
    status: run.status,
    progress: { done: counts.done, errors: counts.errors, total: counts.total },
    reused: run.reusedCount,
    excluded: counts.excluded,
    allowUnknownClasses: run.allowUnknownClasses,
    provider: row.provider,
    timings: runDurations(run, snapshot, {
      evaluatedCount: counts.done - (run.reusedCount ?? 0),
      now: row.now,
    }),
    reason: run.failureDetail,
    reasonCode: run.failureCode,
    scan: { status: snapshot.status, listed: snapshot.listedCount, hashed: snapshot.hashedCount },
    createdAt: run.createdAt,
    createdBy: run.createdBy,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
  }
}
