import { createHash } from 'node:crypto'
import { Client } from 'pg'
import { modelCardSha256 } from '#lib/model/card/read-card.ts'
import { type ModelCard, modelCardSchema } from '#lib/vocabulary/model-card.ts'
import { preprocessingSha256 } from '#lib/vocabulary/preprocessing-sha256.ts'

const CLASSES = Array.from({ length: 9 }, (_, index) => `lung-class-${index + 1}`)
/** Share of the images that are predicted right. */
const ACCURACY = 0.85

/**
 * One dataset of `images` and `versions` model versions with a succeeded run each on all of it: their product is the
 * number of stored predictions. Written by SQL, since evaluating a million images would take a day; the runs have no
 * stored metrics yet, so the service computes them from these rows when it is first asked.
 */
export async function fillDatabase(url: string, size: { images: number; versions: number }): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('select setseed(0.25)')
    const { snapshotId, datasetId } = await insertDataset(client, size.images)
    for (let number = 1; number <= size.versions; number++) {
      const version = await insertVersion(client, number)
      await insertRun(client, { ...version, snapshotId, datasetId })
    }
    // What autovacuum does in a service that has been running for a while.
    for (const table of ['images', 'snapshot_images', 'predictions', 'evaluation_runs'])
      await client.query(`analyze ${table}`)
  } finally {
    await client.end()
  }
}

async function insertDataset(client: Client, images: number) {
  const dataset = await client.query(
    `insert into datasets (name, location, created_by) values ('benchmark', 'file:/benchmark', 'benchmark') returning id`,
  )
  const datasetId: string = dataset.rows[0].id
  const snapshot = await client.query(
    `insert into dataset_snapshots (dataset_id, status, manifest_sha256, created_by, finished_at, listed_count, hashed_count)
     values ($1, 'ready', sha256('benchmark'), 'benchmark', now(), $2, $2) returning id`,
    [datasetId, images],
  )
  const snapshotId: string = snapshot.rows[0].id
  await client.query(
    `insert into images (dataset_id, key, object_key, finding_class, sha256, size_bytes, width, height, revision)
     select $1, name || '/' || i || '.png', name || '/' || i || '.png', name, sha256(('image ' || i)::bytea), 100000, 1024, 1024, '1'
     from generate_series(1, $2::int) i, lateral (select ($3::text[])[1 + i % 9] as name) class`,
    [datasetId, images, CLASSES],
  )
  await client.query(
    'insert into snapshot_images (snapshot_id, image_id) select $1, id from images where dataset_id = $2',
    [snapshotId, datasetId],
  )
  return { datasetId, snapshotId }
}

type Version = { versionId: string; predictionSetId: string }

async function insertVersion(client: Client, number: number): Promise<Version> {
  const card: ModelCard = modelCardSchema.parse({ name: `benchmark-${number}`, findingClasses: CLASSES })
  const modelSha256 = createHash('sha256').update(card.name).digest()
  const preprocessing = Buffer.from(preprocessingSha256(card), 'hex')
  const version = await client.query(
    `with model as (insert into models (name) values ($1) returning id)
     insert into model_versions (model_id, number, sha256, size_bytes, card, card_sha256, preprocessing_sha256, finding_classes, created_by)
     select id, 1, $2, 20000000, $3, $4, $5, $6, 'benchmark' from model returning id`,
    [card.name, modelSha256, card, Buffer.from(modelCardSha256(card), 'hex'), preprocessing, CLASSES],
  )
  const set = await client.query(
    `insert into prediction_sets (model_sha256, preprocessing_sha256, provider) values ($1, $2, 'cpu') returning id`,
    [modelSha256, preprocessing],
  )
  return { versionId: version.rows[0].id, predictionSetId: set.rows[0].id }
}

async function insertRun(
  client: Client,
  run: Version & { snapshotId: string; datasetId: string },
): Promise<void> {
  const inserted = await client.query(
    `insert into evaluation_runs (model_version_id, dataset_id, snapshot_id, prediction_set_id, status, reused_count,
       created_by, started_at, finished_at, epoch, deadline)
     values ($1, $2, $3, $4, 'succeeded', 0, 'benchmark', now(), now(), 1, now()) returning id`,
    [run.versionId, run.datasetId, run.snapshotId, run.predictionSetId],
  )
  await client.query(
    `insert into predictions (prediction_set_id, image_sha256, predicted_index, probabilities, run_id, epoch, decode_seconds, inference_seconds)
     select $1, sha256, predicted, array_fill(rest, array[predicted]) || confidence || array_fill(rest, array[8 - predicted]), $2, 1, 0.01, 0.05
     from (
       select sha256, confidence, (1 - confidence) / 8 as rest,
              ((array_position($4::text[], finding_class) - 1 + case when random() < $5 then 0 else 1 end) % 9)::int as predicted
       from images, lateral (select 0.5 + random() / 2 as confidence where id is not null) drawn
       where dataset_id = $3
     ) answer`,
    [run.predictionSetId, inserted.rows[0].id, run.datasetId, CLASSES, ACCURACY],
  )
}
