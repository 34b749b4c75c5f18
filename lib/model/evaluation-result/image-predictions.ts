import { sql } from 'drizzle-orm'
import type { FoundImage } from '#lib/data/image/image-queries.ts'
import type { Context } from '#lib/platform/context.ts'
import type { ImagePrediction } from './schema.ts'

type Row = {
  model_version_id: string
  model_name: string
  number: number
  run_id: string
  finding_classes: string[]
  probabilities: number[] | null
  predicted_index: number | null
  provider: string | null
  at: string | Date
  code: string | null
  message: string | null
}

/** Of each model version its latest succeeded run that holds the image; the newest version first. */
export async function listImagePredictions(
  { db }: Pick<Context, 'db'>,
  image: FoundImage,
): Promise<ImagePrediction[]> {
  const { rows } = await db.execute<Row>(sql`
    select * from (
      select distinct on (run.model_version_id) run.model_version_id, model.name as model_name, version.number,
        version.created_at as version_created_at, run.id as run_id, version.finding_classes,
        prediction.probabilities, prediction.predicted_index, set.provider, coalesce(error.at, prediction.at) as at,
        error.code, error.message
      from evaluation_runs run
      join snapshot_images member on member.snapshot_id = run.snapshot_id and member.image_id = ${image.id}
      join model_versions version on version.id = run.model_version_id
      join models model on model.id = version.model_id
      left join prediction_sets set on set.id = run.prediction_set_id
      left join evaluation_run_errors error on error.run_id = run.id and error.image_id = member.image_id
      left join predictions prediction on prediction.prediction_set_id = run.prediction_set_id
        and prediction.image_sha256 = decode(${image.sha256}, 'hex')
      where run.dataset_id = ${image.dataset.id} and run.status = 'succeeded'
        and (error.run_id is not null or prediction.prediction_set_id is not null)
        and ${image.findingClass} = any(version.finding_classes)
      order by run.model_version_id, run.finished_at desc, run.id
    ) latest order by version_created_at desc, model_version_id`)
  return rows.map((row) => viewOf(row, image.findingClass))
}

function viewOf(row: Row, findingClass: string): ImagePrediction {
  const answered = row.code === null && row.predicted_index !== null
  const predictedClass = answered ? (row.finding_classes[row.predicted_index ?? -1] ?? null) : null
  return {
    modelVersionId: row.model_version_id,
    modelName: row.model_name,
    versionLabel: `${row.model_name} v${row.number}`,
    evaluationRunId: row.run_id,
    findingClasses: row.finding_classes,
    probabilities: answered ? row.probabilities : null,
    predictedClass,
    confidence: answered ? (row.probabilities?.[row.predicted_index ?? -1] ?? null) : null,
    correct: answered ? predictedClass === findingClass : null,
    provider: row.provider,
    at: new Date(row.at),
    code: row.code,
    message: row.message,
  }
}
