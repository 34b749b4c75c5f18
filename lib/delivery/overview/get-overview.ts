import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import type { Health } from '#lib/delivery/health/schema.ts'
import { listEvaluationRuns } from '#lib/model/evaluation-run/queries.ts'
import { decisiveEvaluation, FINAL_DATASET } from '#lib/model/registry/evaluations.ts'
import { listModelVersions } from '#lib/model/registry/queries.ts'
import type { ModelVersionView } from '#lib/model/registry/schema.ts'
import type { Context } from '#lib/platform/context.ts'
import {
  findAbsences,
  findStepBack,
  findTroubledRuns,
  findTroubledScans,
  findWeaknesses,
} from './find-attention.ts'
import type { Overview } from './schema.ts'

const TREND_VERSIONS = 50
const LATEST_RUNS = 5
const GRAVITY = { error: 0, warning: 1, info: 2 }

/** What a user who has just signed in wants to know; all numbers are from stored results. */
export async function getOverview(
  context: Pick<Context, 'db'>,
  parts: { checkHealth: () => Promise<Health> },
): Promise<Overview> {
  const { db } = context
  const health = parts.checkHealth()
  const versions = await listModelVersions(context, { after: null, take: TREND_VERSIONS })
  const trendDataset = await findTrendDataset(db)
  const latestRuns = await listEvaluationRuns(context, { after: null, take: LATEST_RUNS })
  const attention = [
    ...findAbsences(await health),
    ...(await findTroubledRuns(db)),
    ...(await findTroubledScans(db)),
    ...findStepBack(versions),
    ...(await findWeaknesses(db, versions[0])),
  ].sort((a, b) => GRAVITY[a.severity] - GRAVITY[b.severity])
  return {
    newestVersion: describeNewest(versions[0]),
    accuracyOverVersions: versions.flatMap((version) => pointOf(version, trendDataset)).reverse(),
    latestRuns,
    attention,
  }
}

function describeNewest(version: ModelVersionView | undefined): Overview['newestVersion'] {
  if (version === undefined) return null
  const { id, label, createdAt } = version
  const evaluation = decisiveEvaluation(version.latestEvaluations)
  return {
    ...{ id, label, createdAt },
    accuracy: evaluation?.accuracy ?? null,
    evaluationRunId: evaluation?.evaluationRunId ?? null,
    dataset: evaluation?.dataset ?? null,
  }
}

function pointOf(version: ModelVersionView, trendDataset: string): Overview['accuracyOverVersions'] {
  const { id: modelVersionId, label, createdAt } = version
  return version.latestEvaluations
    .filter(({ dataset }) => dataset === trendDataset)
    .map(({ dataset, evaluationRunId, accuracy, n }) => ({
      ...{ modelVersionId, label, createdAt, dataset, evaluationRunId, accuracy, n },
    }))
}

/** `final_eval` where a run there has succeeded, else the dataset with the most versions that have one. */
async function findTrendDataset(db: Database): Promise<string> {
  const { rows } = await db.execute<{ name: string }>(sql`
    select dataset.name from evaluation_runs run join datasets dataset on dataset.id = run.dataset_id
    where run.status = 'succeeded' group by dataset.name
    order by dataset.name = ${FINAL_DATASET} desc, count(distinct run.model_version_id) desc, dataset.name limit 1`)
  return rows[0]?.name ?? FINAL_DATASET
}
