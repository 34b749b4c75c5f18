import { and, eq, inArray, isNull } from 'drizzle-orm'
import { datasets } from '#db/schema/dataset.ts'
import { modelVersions } from '#db/schema/model-version.ts'
import type { DatasetSources } from '#lib/data/dataset-source/sources.ts'
import { createEvaluationRun } from '#lib/model/evaluation-run/create.ts'
import type { Context } from '#lib/platform/context.ts'
import type { DemoDeeds } from './history.ts'

/**
 * Queues a run of each version that was not evaluated yet on the demo's own dataset. In one transaction: no scan begins
 * between them, so they share one snapshot and can be compared image by image. What people archived is left out.
 */
export async function createDemoRuns(
  context: Context,
  sources: DatasetSources,
  input: { dataset: string; versionIds: readonly string[]; evaluated: DemoDeeds['evaluated'] },
): Promise<void> {
  const missing = input.versionIds.filter((id) => !input.evaluated.has(id))
  await context.db.transaction(async (tx) => {
    const ownDataset = and(eq(datasets.name, input.dataset), eq(datasets.createdBy, context.actor.id))
    if ((await tx.$count(datasets, and(ownDataset, isNull(datasets.archivedAt)))) === 0) return
    const inUse = await tx
      .select({ id: modelVersions.id })
      .from(modelVersions)
      .where(and(inArray(modelVersions.id, missing), isNull(modelVersions.archivedAt)))
      .orderBy(modelVersions.createdAt)
    for (const { id: modelVersionId } of inUse)
      await createEvaluationRun({ ...context, db: tx }, sources, { modelVersionId, dataset: input.dataset })
  })
}
