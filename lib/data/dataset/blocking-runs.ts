import { desc, eq, type SQL } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { datasets } from '#db/schema/dataset.ts'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import { models, modelVersions } from '#db/schema/model-version.ts'

/** A run that keeps a dataset or a model version from being archived. */
export type BlockingRun = {
  kind: 'evaluation-run'
  id: string
  status: string
  dataset: string
  modelVersion: string
  createdAt: string
}

/** More than a person clears away one by one; the whole number stands beside them. */
const NAMED_RUNS = 20

/** The newest of the runs that the condition picks, as details of the refusal. */
export async function listBlockingRuns(db: Database, condition: SQL | undefined): Promise<BlockingRun[]> {
  const rows = await db
    .select({
      id: evaluationRuns.id,
      status: evaluationRuns.status,
      dataset: datasets.name,
      modelName: models.name,
      number: modelVersions.number,
      createdAt: evaluationRuns.createdAt,
    })
    .from(evaluationRuns)
    .innerJoin(datasets, eq(datasets.id, evaluationRuns.datasetId))
    .innerJoin(modelVersions, eq(modelVersions.id, evaluationRuns.modelVersionId))
    .innerJoin(models, eq(models.id, modelVersions.modelId))
    .where(condition)
    .orderBy(desc(evaluationRuns.createdAt))
    .limit(NAMED_RUNS)
  return rows.map(({ modelName, number, createdAt, ...run }) => ({
    kind: 'evaluation-run',
    ...run,
    modelVersion: `${modelName} v${number}`,
    createdAt: createdAt.toISOString(),
  }))
}
