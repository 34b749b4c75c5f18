import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { datasets } from '#db/schema/dataset.ts'
import { evaluationRunResults, evaluationRuns, predictionSets } from '#db/schema/evaluation-run.ts'
import { models, modelVersions } from '#db/schema/model-version.ts'
import type { Context } from '#lib/platform/context.ts'
import type { Statistic } from '#lib/vocabulary/statistic.ts'

/** A version by its latest succeeded run on a dataset: what it can be compared by. */
export type ComparableVersion = {
  modelVersionId: string
  /** How people name the version: `<model> v<number>`. */
  label: string
  createdAt: Date
  archived: boolean
  /** Null where only predictions were imported. */
  sizeBytes: number | null
  /** What it was trained on, as its card says. */
  trainedOn: string[]
  evaluationRunId: string
  snapshotId: string
  finishedAt: Date
  accuracy: Statistic
  balancedAccuracy: Statistic
  macroF1: Statistic
  macroAuroc: Statistic
  ece: Statistic
  /** Of one image, without decoding it: the mean over some of the run's images; null where predictions were imported. */
  inferenceSeconds: number | null
  /** What the predictions were made by, as `cpu`; `imported` where that was elsewhere. */
  provider: string | null
}

/** Enough for a mean: what it takes does not depend on the image. */
const LATENCY_SAMPLE = 200

const metric = (name: string) =>
  sql<Statistic>`${evaluationRunResults.metrics} #> ${sql.raw(`'{intervals,${name}}'`)}`

/** More versions than a user compares at once; the newest of them. */
const MOST_VERSIONS = 200

/** The versions that have a succeeded run on the dataset, the newest version first. */
export async function listComparableVersions(
  { db }: Pick<Context, 'db'>,
  input: { dataset: string },
): Promise<ComparableVersion[]> {
  const latest = db
    .selectDistinctOn([evaluationRuns.modelVersionId], {
      modelVersionId: evaluationRuns.modelVersionId,
      evaluationRunId: evaluationRuns.id,
      snapshotId: evaluationRuns.snapshotId,
      finishedAt: evaluationRuns.finishedAt,
      accuracy: metric('accuracy').as('accuracy'),
      balancedAccuracy: metric('balancedAccuracy').as('balanced_accuracy'),
      macroF1: metric('macroF1').as('macro_f1'),
      macroAuroc: metric('macroAuroc').as('macro_auroc'),
      ece: metric('ece').as('ece'),
      predictionSetId: evaluationRuns.predictionSetId,
    })
    .from(evaluationRuns)
    .innerJoin(evaluationRunResults, eq(evaluationRunResults.runId, evaluationRuns.id))
    .innerJoin(datasets, eq(datasets.id, evaluationRuns.datasetId))
    .where(
      and(
        eq(datasets.name, input.dataset),
        isNull(datasets.archivedAt),
        eq(evaluationRuns.status, 'succeeded'),
      ),
    )
    .orderBy(evaluationRuns.modelVersionId, desc(evaluationRuns.finishedAt))
    .as('latest')
  const rows = await db
    .select({
      name: models.name,
      number: modelVersions.number,
      createdAt: modelVersions.createdAt,
      archivedAt: modelVersions.archivedAt,
      sizeBytes: modelVersions.sizeBytes,
      trainedOn: sql<string[] | null>`${modelVersions.card} #> '{lineage,snapshots}'`,
      modelVersionId: latest.modelVersionId,
      evaluationRunId: latest.evaluationRunId,
      snapshotId: latest.snapshotId,
      finishedAt: latest.finishedAt,
      accuracy: latest.accuracy,
      balancedAccuracy: latest.balancedAccuracy,
      macroF1: latest.macroF1,
      macroAuroc: latest.macroAuroc,
      ece: latest.ece,
      provider: predictionSets.provider,
      inferenceSeconds: sql<number | null>`(select avg(sampled.inference_seconds) from (
        select prediction.inference_seconds
        from snapshot_images member
        join images image on image.id = member.image_id
        join predictions prediction on prediction.prediction_set_id = ${latest.predictionSetId}
          and prediction.image_sha256 = image.sha256
        where member.snapshot_id = ${latest.snapshotId}
        order by member.image_id limit ${LATENCY_SAMPLE}) sampled)`,
    })
    .from(latest)
    .leftJoin(predictionSets, eq(predictionSets.id, latest.predictionSetId))
    .innerJoin(modelVersions, eq(modelVersions.id, latest.modelVersionId))
    .innerJoin(models, eq(models.id, modelVersions.modelId))
    .orderBy(desc(modelVersions.createdAt), desc(modelVersions.id))
    .limit(MOST_VERSIONS)
  return rows.map(({ name, number, archivedAt, trainedOn, finishedAt, ...row }) => {
    if (finishedAt === null) throw new Error('A succeeded run has no end.')
    return {
      ...row,
      label: `${name} v${number}`,
      archived: archivedAt !== null,
      trainedOn: trainedOn ?? [],
      finishedAt,
    }
  })
}
