import { and, eq, inArray } from 'drizzle-orm'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import { getActiveDataset } from '#lib/data/dataset-source/find-active.ts'
import type { DatasetSources } from '#lib/data/dataset-source/sources.ts'
import { createEvaluationRun } from '#lib/model/evaluation-run/create.ts'
import { getCurrentModelVersion } from '#lib/model/prediction/current-model-version.ts'
import type { Context } from '#lib/platform/context.ts'

/** Calls that are looking or creating at this moment, by dataset: a second one joins the first. */
const underWay = new Map<string, Promise<{ id: string }>>()

/** Starts a run of the current model version on the dataset, or joins the one that is queued or running. */
export async function startEvaluation(
  context: Context,
  sources: DatasetSources,
  input: { dataset: string },
): Promise<{ id: string }> {
  const pending = underWay.get(input.dataset)
  if (pending !== undefined) return pending
  const started = findOrCreateRun(context, sources, input).finally(() => underWay.delete(input.dataset))
  underWay.set(input.dataset, started)
  return started
}

async function findOrCreateRun(
  context: Context,
  sources: DatasetSources,
  input: { dataset: string },
): Promise<{ id: string }> {
  const dataset = await getActiveDataset(context.db, input.dataset)
  const version = await getCurrentModelVersion(context.db)
  const [active] = await context.db
    .select({ id: evaluationRuns.id })
    .from(evaluationRuns)
    .where(
      and(
        eq(evaluationRuns.datasetId, dataset.id),
        eq(evaluationRuns.modelVersionId, version.id),
        inArray(evaluationRuns.status, ['queued', 'running']),
      ),
    )
    .limit(1)
  return (
    active ??
    (await createEvaluationRun(context, sources, { modelVersionId: version.id, dataset: dataset.name }))
  )
}
