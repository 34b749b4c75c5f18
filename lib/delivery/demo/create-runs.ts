import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { datasets } from '#db/schema/dataset.ts'
import { modelVersions } from '#db/schema/model-version.ts'
import type { DatasetSources } from '#lib/data/dataset-source/sources.ts'
import {
  type PreparedRun,
  prepareEvaluationRun,
  queueEvaluationRun,
} from '#lib/model/evaluation-run/create.ts'
import type { Context } from '#lib/platform/context.ts'
import type { DemoDeeds } from './history.ts'

/**
 * Queues a run of each version that was not evaluated yet on the demo's own dataset. All are one transaction: no scan begins
 * between them, so they share one snapshot and can be compared image by image. What people archived is left out.
 */
export async function createDemoRuns(
  context: Context,
  sources: DatasetSources,
  input: { dataset: string; versionIds: readonly string[]; evaluated: DemoDeeds['evaluated'] },
): Promise<void> {
  const missing = input.versionIds.filter((id) => !input.evaluated.has(id))
  const ownDataset = and(
    eq(datasets.name, input.dataset),
    eq(datasets.createdBy, context.actor.id),
    isNull(datasets.archivedAt),
  )
  const listInUse = (db: Database) =>
    db
      .select({ id: modelVersions.id })
      .from(modelVersions)
      .where(and(inArray(modelVersions.id, missing), isNull(modelVersions.archivedAt)))
      .orderBy(modelVersions.createdAt)
  if ((await context.db.$count(datasets, ownDataset)) === 0) return
  const prepared = new Map<string, PreparedRun>()
  for (const { id } of await listInUse(context.db)) {
    const run = { modelVersionId: id, dataset: input.dataset }
    prepared.set(id, await prepareEvaluationRun(context, sources, run))
  }
  await context.db.transaction(async (tx) => {
    if ((await tx.$count(datasets, ownDataset)) === 0) return
    for (const { id } of await listInUse(tx)) {
      const run = prepared.get(id)
      if (run !== undefined) await queueEvaluationRun({ ...context, db: tx }, run)
    }
  })
}
