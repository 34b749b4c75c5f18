import { and, desc, eq, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import { models, modelVersions } from '#db/schema/model-version.ts'
import type { RunScope } from '#lib/model/evaluation-run/manifest.ts'
import { noSuchVersion } from '#lib/model/registry/queries.ts'
import { ServiceError } from '#lib/platform/errors.ts'

/** One side of a comparison: a version by its latest succeeded run on the dataset. */
export type ComparedRun = {
  modelVersionId: string
  /** How people name the version: `<model> v<number>`. */
  label: string
  evaluationRunId: string
  snapshotId: string
  /** Grows when the run is asked again: with it, the run's rows are final. */
  epoch: number
  finishedAt: Date
  scope: RunScope
  /** What the version's card says of its classes. */
  modalities: Readonly<Record<string, string>>
}

export async function getComparedRun(
  db: Database,
  modelVersionId: string,
  dataset: { id: string; name: string },
): Promise<ComparedRun> {
  const [version] = await db
    .select({
      name: models.name,
      number: modelVersions.number,
      sizeBytes: modelVersions.sizeBytes,
      findingClasses: modelVersions.findingClasses,
      modalities: sql<Record<string, string> | null>`${modelVersions.card} -> 'modalities'`,
    })
    .from(modelVersions)
    .innerJoin(models, eq(models.id, modelVersions.modelId))
    .where(eq(modelVersions.id, modelVersionId))
  if (version === undefined) throw noSuchVersion(modelVersionId)
  const label = `${version.name} v${version.number}`
  const [run] = await db
    .select()
    .from(evaluationRuns)
    .where(
      and(
        eq(evaluationRuns.modelVersionId, modelVersionId),
        eq(evaluationRuns.datasetId, dataset.id),
        eq(evaluationRuns.status, 'succeeded'),
      ),
    )
    .orderBy(desc(evaluationRuns.finishedAt), desc(evaluationRuns.createdAt), desc(evaluationRuns.id))
    .limit(1)
  if (run === undefined || run.finishedAt === null) {
    const hasModel = version.sizeBytes !== null
    const remedy = hasModel ? 'evaluate it there first' : 'import its predictions of these images first'
    throw new ServiceError(
      'UNPROCESSABLE',
      `${label} has no succeeded evaluation on ${dataset.name}: ${remedy}.`,
      { code: 'NOT_EVALUATED', details: { modelVersionId, hasModel } },
    )
  }
  const { id, snapshotId, epoch, finishedAt, predictionSetId } = run
  const scope = { runId: id, snapshotId, predictionSetId, findingClasses: version.findingClasses }
  const modalities = version.modalities ?? {}
  return { modelVersionId, label, evaluationRunId: id, snapshotId, epoch, finishedAt, scope, modalities }
}
