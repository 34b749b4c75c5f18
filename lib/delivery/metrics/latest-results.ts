import { desc, eq, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { datasets } from '#db/schema/dataset.ts'
import { evaluationRunResults, evaluationRuns } from '#db/schema/evaluation-run.ts'
import { models, modelVersions } from '#db/schema/model-version.ts'

/** What gauges show of a model version on a dataset: its latest succeeded run there. */
export type LatestResult = {
  dataset: string
  modelVersion: string
  finishedAt: Date
  accuracy: number | null
  findingClasses: { findingClass: string; accuracy: number | null }[]
}

/** One query, whatever the number of runs and predictions: a run's numbers are stored with it. */
async function readLatestResults(db: Database): Promise<LatestResult[]> {
  const rows = await db
    .selectDistinctOn([evaluationRuns.datasetId, evaluationRuns.modelVersionId], {
      dataset: datasets.name,
      modelName: models.name,
      versionNumber: modelVersions.number,
      finishedAt: evaluationRuns.finishedAt,
      accuracy: sql<
        number | null
      >`(${evaluationRunResults.metrics} #>> '{overall,accuracy}')::double precision`,
      findingClasses: sql<
        LatestResult['findingClasses']
      >`${evaluationRunResults.metrics} -> 'findingClasses'`,
    })
    .from(evaluationRuns)
    .innerJoin(evaluationRunResults, eq(evaluationRunResults.runId, evaluationRuns.id))
    .innerJoin(datasets, eq(datasets.id, evaluationRuns.datasetId))
    .innerJoin(modelVersions, eq(modelVersions.id, evaluationRuns.modelVersionId))
    .innerJoin(models, eq(models.id, modelVersions.modelId))
    .where(eq(evaluationRuns.status, 'succeeded'))
    .orderBy(evaluationRuns.datasetId, evaluationRuns.modelVersionId, desc(evaluationRuns.finishedAt))
  return rows.map(({ modelName, versionNumber, finishedAt, ...row }) => ({
    ...row,
    finishedAt: finishedAt ?? new Date(0),
    modelVersion: `${modelName} v${versionNumber}`,
  }))
}

const underWay = new WeakMap<Database, Promise<LatestResult[]>>()

/** All families of one scrape ask at the same moment and share one query. */
export function findLatestResults(db: Database): Promise<LatestResult[]> {
  const reading = underWay.get(db) ?? readLatestResults(db).finally(() => underWay.delete(db))
  underWay.set(db, reading)
  return reading
}

/** Of each dataset its latest result: that of the version in production, once versions have stages. */
export function currentByDataset(results: readonly LatestResult[]): LatestResult[] {
  const current = new Map<string, LatestResult>()
  for (const result of results) {
    const other = current.get(result.dataset)
    if (other === undefined || other.finishedAt < result.finishedAt) current.set(result.dataset, result)
  }
  return [...current.values()]
}
