import { createHash, randomUUID } from 'node:crypto'
import { isNull, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { datasetSnapshots, datasets } from '#db/schema/dataset.ts'
import { storeSnapshotCounts } from '#lib/data/snapshot/store-counts.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { inBatches } from './in-batches.ts'
import type { ImportPlan, PlannedImage } from './plan-import.ts'

/** Makes the dataset of an import that has none yet; false where another request has made it meanwhile. */
export async function storeDataset(
  tx: Database,
  context: Context,
  dataset: { id: string; name: string },
): Promise<boolean> {
  const made = await tx
    .insert(datasets)
    .values({ ...dataset, createdAt: context.now, createdBy: context.actor.id })
    .onConflictDoNothing({ target: datasets.name, where: isNull(datasets.archivedAt) })
    .returning({ id: datasets.id })
  if (made.length === 0) return false
  await recordAuditEvent(tx, context, {
    action: 'dataset.register',
    objectType: 'dataset',
    objectId: dataset.id,
    after: { name: dataset.name, location: null, patientPattern: null, imported: true },
  })
  return true
}

/** Stores the images that are not known, and gives the snapshot of the run: the dataset's, or one of the import's. */
export async function storeImages(tx: Database, context: Context, plan: ImportPlan): Promise<string> {
  const known = plan.rows.flatMap(({ image }) => image.id ?? [])
  const fresh = plan.rows.flatMap(({ image }) => (image.id === null ? [image] : []))
  const made: number[] = []
  for (const images of inBatches(fresh)) made.push(...(await insertImages(tx, plan.datasetId, images)))
  if (plan.snapshotId !== null) return plan.snapshotId

  const images = plan.rows.map(({ image }) => image)
  const id = randomUUID()
  await tx.insert(datasetSnapshots).values({
    id,
    datasetId: plan.datasetId,
    status: 'ready',
    manifestSha256: manifestOf(images),
    createdAt: context.now,
    createdBy: context.actor.id,
    finishedAt: context.now,
    listedCount: images.length,
  })
  for (const ids of inBatches([...known, ...made]))
    await tx.execute(sql`
      insert into snapshot_images (snapshot_id, image_id)
      select ${id}::uuid, image_id from unnest(${sql.param(ids)}::bigint[]) as image_id`)
  await storeSnapshotCounts(tx, id)
  return id
}

/** In the order of the import, which is that of their ids; gives the ids. */
async function insertImages(
  tx: Database,
  datasetId: string,
  images: readonly PlannedImage[],
): Promise<number[]> {
  const column = (value: (image: PlannedImage) => unknown) => sql.param(images.map(value))
  const { rows } = await tx.execute<{ id: string }>(sql`
    insert into images (dataset_id, key, object_key, finding_class, patient, has_content, sha256, revision)
    select ${datasetId}::uuid, key, key, finding_class, patient, false, sha256, ''
    from unnest(
      ${column(({ key }) => key)}::text[],
      ${column(({ findingClass }) => findingClass)}::text[],
      ${column(({ patient }) => patient)}::text[],
      ${column(({ sha256 }) => Buffer.from(sha256, 'hex'))}::bytea[]
    ) with ordinality as image (key, finding_class, patient, sha256, place)
    order by place
    returning id`)
  return rows.map(({ id }) => Number(id))
}

/** As of a scanned snapshot: SHA-256 over the lines [key, content, finding class] in the order of the keys' bytes. */
function manifestOf(images: readonly PlannedImage[]): string {
  const hash = createHash('sha256')
  const lines = images
    .map(({ key, sha256, findingClass }) => ({ place: Buffer.from(key), line: [key, sha256, findingClass] }))
    .sort((a, b) => Buffer.compare(a.place, b.place))
  for (const { line } of lines) hash.update(`${JSON.stringify(line)}\n`)
  return hash.digest('hex')
}
