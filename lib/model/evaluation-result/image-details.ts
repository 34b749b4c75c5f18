import { sql } from 'drizzle-orm'
import { type FoundImage, getFoundImage } from '#lib/data/image/image-queries.ts'
import type { Context } from '#lib/platform/context.ts'
import { listImagePredictions } from './image-predictions.ts'
import type { ImageDetails } from './schema.ts'

/** More than a page shows. */
const SHOWN = 100

export async function getImage(context: Pick<Context, 'db'>, input: { id: number }): Promise<ImageDetails> {
  const image = await getFoundImage(context, input.id)
  const { id, key, findingClass, patient, width, height, sizeBytes, dataset } = image
  const sha256 = image.hasContent ? image.sha256 : null
  const snapshots = await listSnapshotsOf(context, image)
  return {
    ...{ id, dataset: dataset.name, imageKey: key, findingClass, patient, sha256, width, height, sizeBytes },
    addedAt: snapshots.at(-1)?.createdAt ?? null,
    snapshots: snapshots.slice(0, SHOWN),
    duplicates: await listDuplicates(context, image),
    predictions: await listImagePredictions(context, image),
  }
}

/** From the dataset's snapshots to their images: the key of `snapshot_images` begins with the snapshot. */
async function listSnapshotsOf({ db }: Pick<Context, 'db'>, { id, dataset }: FoundImage) {
  const { rows } = await db.execute<{ id: string; created_at: string | Date }>(sql`
    select snapshot.id, snapshot.created_at from dataset_snapshots snapshot
    join snapshot_images member on member.snapshot_id = snapshot.id and member.image_id = ${id}
    where snapshot.dataset_id = ${dataset.id} and snapshot.status = 'ready'
    order by snapshot.created_at desc, snapshot.id desc`)
  return rows.map((row) => ({ id: row.id, createdAt: new Date(row.created_at) }))
}

async function listDuplicates({ db }: Pick<Context, 'db'>, { id, sha256 }: FoundImage) {
  const { rows } = await db.execute<{ id: string; dataset: string; key: string }>(sql`
    select other.id, dataset.name as dataset, other.key from images other
    join datasets dataset on dataset.id = other.dataset_id
    where other.sha256 = decode(${sha256}, 'hex') and other.id <> ${id} and dataset.archived_at is null
    order by dataset.name, other.key limit ${SHOWN}`)
  return rows.map((row) => ({ id: Number(row.id), dataset: row.dataset, imageKey: row.key }))
}
