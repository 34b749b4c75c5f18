import { eq, inArray, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { images, snapshotImages } from '#db/schema/dataset.ts'
import { evaluationRunErrors, evaluationRuns, predictions } from '#db/schema/evaluation-run.ts'
import { modelVersions } from '#db/schema/model-version.ts'

export type RunCounts = {
  /** Images of the snapshot that the version has a class for; 0 until it is frozen. */
  total: number
  /** Settled: predicted or an error row. */
  done: number
  errors: number
  /** Images of classes that the version does not know. */
  excluded: number
}

const NONE: RunCounts = { total: 0, done: 0, errors: 0, excluded: 0 }

/** Counted from rows: no counter can drift from them. */
export async function countRun(db: Database, runId: string): Promise<RunCounts> {
  return (await countRuns(db, [runId])).get(runId) ?? NONE
}

/** The counts of several runs in one query; a run without images is not among them. */
export async function countRuns(db: Database, runIds: readonly string[]): Promise<Map<string, RunCounts>> {
  if (runIds.length === 0) return new Map()
  const isKnown = sql`${images.findingClass} = any(${modelVersions.findingClasses})`
  const isError = sql`${evaluationRunErrors.imageId} is not null`
  const isPredicted = sql`${predictions.imageSha256} is not null`
  const rows = await db
    .select({
      id: evaluationRuns.id,
      total: countWhere(isKnown),
      errors: countWhere(sql`${isKnown} and ${isError}`),
      done: countWhere(sql`${isKnown} and (${isError} or ${isPredicted})`),
      excluded: countWhere(sql`not ${isKnown}`),
    })
    .from(evaluationRuns)
    .innerJoin(modelVersions, eq(modelVersions.id, evaluationRuns.modelVersionId))
    .innerJoin(snapshotImages, eq(snapshotImages.snapshotId, evaluationRuns.snapshotId))
    .innerJoin(images, eq(images.id, snapshotImages.imageId))
    .leftJoin(
      evaluationRunErrors,
      sql`${evaluationRunErrors.runId} = ${evaluationRuns.id} and ${evaluationRunErrors.imageId} = ${images.id}`,
    )
    .leftJoin(
      predictions,
      sql`${predictions.predictionSetId} = ${evaluationRuns.predictionSetId} and ${predictions.imageSha256} = ${images.sha256}`,
    )
    .where(inArray(evaluationRuns.id, [...runIds]))
    .groupBy(evaluationRuns.id)
  return new Map(rows.map(({ id, ...counts }) => [id, counts]))
}

function countWhere(condition: ReturnType<typeof sql>) {
  return sql<number>`count(*) filter (where ${condition})`.mapWith(Number)
}
