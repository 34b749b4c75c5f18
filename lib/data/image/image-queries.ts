import { eq, sql } from 'drizzle-orm'
import { datasets, images } from '#db/schema/dataset.ts'
import { getActiveDataset } from '#lib/data/dataset-source/find-active.ts'
import { type After, findNewestSnapshots } from '#lib/data/snapshot/snapshot-queries.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { ImageView } from './schema.ts'

/** `snapshotId` keeps the pages of one list on one snapshot; the cursor position is `[snapshotId, id]`. */
export type ListedImage = ImageView & { snapshotId: string }

/** The images of the newest ready snapshot, in the order in which they were first seen. */
export async function listImages(
  context: Context,
  input: { dataset: string; findingClass?: string | undefined; after: After; take: number },
): Promise<ListedImage[]> {
  const { db } = context
  const dataset = await getActiveDataset(db, input.dataset)
  const ready = await findNewestSnapshots(db, [dataset.id], { ready: true })
  const [positionSnapshot, positionId] = input.after ?? [ready.get(dataset.id)?.id, 0]
  if (positionSnapshot === undefined) return []
  const snapshotId = String(positionSnapshot)
  const findingClass = input.findingClass?.normalize('NFC')
  const { rows } = await db.execute<{
    id: string
    key: string
    finding_class: string
    patient: string | null
    sha256: Buffer | null
    width: number | null
    height: number | null
  }>(sql`
    select image.id, image.key, image.finding_class, image.patient, image.width, image.height,
      case when image.has_content then image.sha256 end as sha256
    from snapshot_images member join images image on image.id = member.image_id
    where member.snapshot_id = ${snapshotId} and image.dataset_id = ${dataset.id}
      and member.image_id > ${Number(positionId)}
      ${findingClass === undefined ? sql`` : sql`and image.finding_class = ${findingClass}`}
    order by member.image_id limit ${input.take}`)
  return rows.map((row) => ({
    id: Number(row.id),
    key: row.key,
    findingClass: row.finding_class,
    patient: row.patient,
    sha256: row.sha256?.toString('hex') ?? null,
    width: row.width,
    height: row.height,
    snapshotId,
  }))
}

/** An image with all that is needed to fetch its bytes (`openDatasetStore`), also of an archived dataset. */
export type FoundImage = ImageView & {
  hasContent: boolean
  /** Of the content; without one it stands for the key. */
  sha256: string
  objectKey: string
  sizeBytes: number | null
  dataset: { id: string; name: string; location: string | null }
}

export async function findImage(context: Pick<Context, 'db'>, id: number): Promise<FoundImage | null> {
  if (!Number.isSafeInteger(id) || id < 1) return null
  const [row] = await context.db
    .select({ image: images, name: datasets.name, location: datasets.location })
    .from(images)
    .innerJoin(datasets, eq(datasets.id, images.datasetId))
    .where(eq(images.id, id))
  if (row === undefined) return null
  const { datasetId, revision: _revision, ...image } = row.image
  return { ...image, dataset: { id: datasetId, name: row.name, location: row.location } }
}

export async function getFoundImage(context: Pick<Context, 'db'>, id: number): Promise<FoundImage> {
  const image = await findImage(context, id)
  if (image === null) throw new ServiceError('NOT_FOUND', `There is no image ${id}.`)
  return image
}
