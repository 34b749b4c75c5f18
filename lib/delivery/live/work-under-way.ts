import { eq, inArray, or, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { datasetSnapshots, datasets } from '#db/schema/dataset.ts'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import { models, modelVersions } from '#db/schema/model-version.ts'
import { countRuns } from '#lib/model/evaluation-run/progress.ts'

/** How a run stands, for every page of the dashboard. */
export type RunNotice = {
  id: string
  status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'deleted'
  modelVersionId: string
  modelVersion: string
  dataset: string
  reason: string | null
  /** Of an ended run, as it was stored; else null: see `RunProgress`. */
  progress: Progress | null
}

type Progress = { done: number; errors: number; total: number }

/** How far a run at work is. */
export type RunProgress = { id: string; progress: Progress }

/** How a dataset's snapshot stands. */
export type SnapshotNotice = {
  id: string
  dataset: string
  status: 'scanning' | 'ready' | 'failed'
  listed: number
  hashed: number
  failureCode: string | null
}

/** The runs at work, those that ended in the last seconds, and those of the given ids however they ended. */
export async function findRunNotices(
  db: Database,
  ids: readonly string[],
  sinceSeconds: number,
): Promise<RunNotice[]> {
  const rows = await db
    .select({
      id: evaluationRuns.id,
      status: evaluationRuns.status,
      modelVersionId: evaluationRuns.modelVersionId,
      modelName: models.name,
      number: modelVersions.number,
      dataset: datasets.name,
      reason: evaluationRuns.failureDetail,
      done: evaluationRuns.doneCount,
      errors: evaluationRuns.errorCount,
      total: evaluationRuns.imageCount,
    })
    .from(evaluationRuns)
    .innerJoin(modelVersions, eq(modelVersions.id, evaluationRuns.modelVersionId))
    .innerJoin(models, eq(models.id, modelVersions.modelId))
    .innerJoin(datasets, eq(datasets.id, evaluationRuns.datasetId))
    .where(
      or(
        inArray(evaluationRuns.status, ['queued', 'running']),
        inArray(evaluationRuns.id, [...ids]),
        sql`${evaluationRuns.finishedAt} > clock_timestamp() - make_interval(secs => ${sinceSeconds})`,
      ),
    )
    .orderBy(evaluationRuns.createdAt)
  return rows.map(({ modelName, number, done, errors, total, ...run }) => {
    const progress = done === null || errors === null || total === null ? null : { done, errors, total }
    return { ...run, modelVersion: `${modelName} v${number}`, progress }
  })
}

/** Counts the images of these runs, all in one query. */
export async function findRunProgress(db: Database, ids: readonly string[]): Promise<RunProgress[]> {
  const counts = await countRuns(db, ids)
  return [...counts].map(([id, { done, errors, total }]) => ({ id, progress: { done, errors, total } }))
}

/** The same of snapshots. */
export async function findSnapshotNotices(
  db: Database,
  ids: readonly string[],
  sinceSeconds: number,
): Promise<SnapshotNotice[]> {
  return await db
    .select({
      id: datasetSnapshots.id,
      dataset: datasets.name,
      status: datasetSnapshots.status,
      listed: datasetSnapshots.listedCount,
      hashed: datasetSnapshots.hashedCount,
      failureCode: datasetSnapshots.failureCode,
    })
    .from(datasetSnapshots)
    .innerJoin(datasets, eq(datasets.id, datasetSnapshots.datasetId))
    .where(
      or(
        eq(datasetSnapshots.status, 'scanning'),
        inArray(datasetSnapshots.id, [...ids]),
        sql`${datasetSnapshots.finishedAt} > clock_timestamp() - make_interval(secs => ${sinceSeconds})`,
      ),
    )
    .orderBy(datasetSnapshots.createdAt)
}
