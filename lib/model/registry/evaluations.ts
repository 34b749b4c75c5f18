import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { datasets } from '#db/schema/dataset.ts'
import { evaluationRunResults, evaluationRuns } from '#db/schema/evaluation-run.ts'
import type { Context } from '#lib/platform/context.ts'
import type { Statistic } from '#lib/vocabulary/statistic.ts'
import type { VersionEvaluation } from './schema.ts'

/** The dataset by which versions are judged. */
export const FINAL_DATASET = 'final_eval'

const metric = (path: string) => sql`${evaluationRunResults.metrics} #> ${sql.raw(`'{${path}}'`)}`

/** Cursors carry JavaScript's milliseconds, the column microseconds. */
const finishTime = sql`date_trunc('milliseconds', ${evaluationRuns.finishedAt})`

const columns = {
  evaluationRunId: evaluationRuns.id,
  modelVersionId: evaluationRuns.modelVersionId,
  dataset: datasets.name,
  snapshotId: evaluationRuns.snapshotId,
  finishedAt: evaluationRuns.finishedAt,
  n: sql<number>`(${metric('n')})::integer`,
  errors: sql<number>`(${metric('errors')})::integer`,
  accuracy: sql<Statistic>`${metric('intervals,accuracy')}`,
  macroAuroc: sql<Statistic>`${metric('intervals,macroAuroc')}`,
}

/** Each version's latest succeeded run on each dataset, the most recently finished first. */
export async function findLatestEvaluations(
  db: Database,
  versionIds: readonly string[],
): Promise<Map<string, VersionEvaluation[]>> {
  const byVersion = new Map<string, VersionEvaluation[]>()
  if (versionIds.length === 0) return byVersion
  const rows = await db
    .selectDistinctOn([evaluationRuns.modelVersionId, evaluationRuns.datasetId], columns)
    .from(evaluationRuns)
    .innerJoin(evaluationRunResults, eq(evaluationRunResults.runId, evaluationRuns.id))
    .innerJoin(datasets, eq(datasets.id, evaluationRuns.datasetId))
    .where(isSucceeded(inArray(evaluationRuns.modelVersionId, [...versionIds])))
    .orderBy(evaluationRuns.modelVersionId, evaluationRuns.datasetId, desc(evaluationRuns.finishedAt))
  for (const row of rows.map(finished).sort((a, b) => b.finishedAt.getTime() - a.finishedAt.getTime()))
    byVersion.set(row.modelVersionId, [...(byVersion.get(row.modelVersionId) ?? []), row])
  return byVersion
}

/** How many runs of each version have succeeded; a version without any is not among them. */
export async function countEvaluations(
  db: Database,
  versionIds: readonly string[],
): Promise<Map<string, number>> {
  if (versionIds.length === 0) return new Map()
  const rows = await db
    .select({ id: evaluationRuns.modelVersionId, count: sql<number>`count(*)`.mapWith(Number) })
    .from(evaluationRuns)
    .where(isSucceeded(inArray(evaluationRuns.modelVersionId, [...versionIds])))
    .groupBy(evaluationRuns.modelVersionId)
  return new Map(rows.map(({ id, count }) => [id, count]))
}

/** A version's succeeded runs, the last one first: its trend. `after`: finish and id of the row before. */
export async function listVersionEvaluations(
  context: Pick<Context, 'db'>,
  input: {
    modelVersionId: string
    dataset?: string | undefined
    after: { finishedAt: Date; id: string } | null
    take: number
  },
): Promise<VersionEvaluation[]> {
  const { after } = input
  const at = after?.finishedAt.toISOString()
  const rows = await context.db
    .select(columns)
    .from(evaluationRuns)
    .innerJoin(evaluationRunResults, eq(evaluationRunResults.runId, evaluationRuns.id))
    .innerJoin(datasets, eq(datasets.id, evaluationRuns.datasetId))
    .where(
      isSucceeded(
        eq(evaluationRuns.modelVersionId, input.modelVersionId),
        input.dataset === undefined ? undefined : eq(datasets.name, input.dataset),
        after === null
          ? undefined
          : sql`(${finishTime}, ${evaluationRuns.id}) < (${at}::timestamptz, ${after.id}::uuid)`,
      ),
    )
    .orderBy(desc(finishTime), desc(evaluationRuns.id))
    .limit(input.take)
  return rows.map(finished)
}

/** The evaluation by which a version is judged: on `final_eval`, else the one that finished last. */
export function decisiveEvaluation(latest: readonly VersionEvaluation[]): VersionEvaluation | null {
  return latest.find(({ dataset }) => dataset === FINAL_DATASET) ?? latest[0] ?? null
}

function isSucceeded(...conditions: (SQL | undefined)[]): SQL | undefined {
  return and(eq(evaluationRuns.status, 'succeeded'), ...conditions)
}

function finished<T extends { finishedAt: Date | null }>(row: T): T & { finishedAt: Date } {
  if (row.finishedAt === null) throw new Error('A succeeded run has no end.')
  return { ...row, finishedAt: row.finishedAt }
}
