import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { datasets, images } from '#db/schema/dataset.ts'
import { assertDatasetName } from '#lib/data/dataset-source/dataset-name.ts'
import { SAME_BYTES_AS } from '#lib/data/snapshot/freeze-snapshot.ts'
import { findNewestSnapshots } from '#lib/data/snapshot/snapshot-queries.ts'
import { ServiceError } from '#lib/platform/errors.ts'

export type KnownImage = {
  id: number
  key: string
  sha256: string
  findingClass: string
  patient: string | null
  /** Part of the newest ready snapshot. */
  isMember: boolean
}

/**
 * What predictions are imported into: a dataset that is not there yet, one of imported predictions alone, or one whose
 * images lie here and were scanned.
 */
export type ImportTarget = {
  datasetId: string | null
  /** The newest ready one. */
  snapshotId: string | null
  /** The images lie here: only these can be predicted. */
  isScanned: boolean
  images: KnownImage[]
  /** Keys of files that the snapshot skipped as exact copies, each with the image that was kept. */
  copies: ReadonlyMap<string, KnownImage>
}

export async function findTarget(db: Database, name: string): Promise<ImportTarget> {
  assertDatasetName(name)
  const [dataset] = await db
    .select({ id: datasets.id, location: datasets.location })
    .from(datasets)
    .where(and(eq(datasets.name, name), isNull(datasets.archivedAt)))
  if (dataset === undefined) {
    await refuseLeftFiles(db, name)
    return { datasetId: null, snapshotId: null, isScanned: false, images: [], copies: new Map() }
  }
  const snapshots = await findNewestSnapshots(db, [dataset.id], { ready: true })
  const snapshotId = snapshots.get(dataset.id)?.id ?? null
  if (snapshotId === null && dataset.location !== null)
    throw new ServiceError(
      'CONFLICT',
      `The dataset ${name} has not been scanned yet: take a snapshot first (POST /api/datasets/${name}/snapshots).`,
      { code: 'NOT_SCANNED' },
    )
  const known = await listKnownImages(db, dataset.id, snapshotId)
  const isScanned = known.some(({ hasContent, isMember }) => hasContent && isMember)
  const members = known.filter(({ hasContent, isMember }) => (isScanned ? isMember : !hasContent))
  const copies = isScanned && snapshotId !== null ? await findCopies(db, snapshotId, members) : new Map()
  return { datasetId: dataset.id, snapshotId, isScanned, images: members, copies }
}

/** A model that ran over the folder has predicted the copies too. */
async function findCopies(
  db: Database,
  snapshotId: string,
  members: readonly KnownImage[],
): Promise<Map<string, KnownImage>> {
  const { rows } = await db.execute<{ file: string; kept: string }>(sql`
    select skipped.file, kept.id as kept from skipped_files skipped
    join snapshot_images member on member.snapshot_id = skipped.snapshot_id
    join images kept on kept.id = member.image_id and skipped.detail = ${SAME_BYTES_AS}::text || kept.object_key
    where skipped.snapshot_id = ${snapshotId} and skipped.code = 'DUPLICATE'`)
  const byId = new Map(members.map((image) => [image.id, image]))
  const copies = new Map<string, KnownImage>()
  for (const { file, kept } of rows) {
    const image = byId.get(Number(kept))
    if (image !== undefined) copies.set(file.normalize('NFC'), image)
  }
  return copies
}

/** By id: the order in which a run's rows are read. */
async function listKnownImages(
  db: Database,
  datasetId: string,
  snapshotId: string | null,
): Promise<(KnownImage & { hasContent: boolean })[]> {
  const isMember = sql<boolean>`exists (select from snapshot_images member
    where member.snapshot_id = ${snapshotId}::uuid and member.image_id = ${images.id})`
  return await db
    .select({
      id: images.id,
      key: images.key,
      sha256: images.sha256,
      findingClass: images.findingClass,
      patient: images.patient,
      hasContent: images.hasContent,
      isMember,
    })
    .from(images)
    .where(and(eq(images.datasetId, datasetId), sql`(not ${images.hasContent} or ${isMember})`))
    .orderBy(images.id)
}

/** Under a new dataset of the same name they would come back as its own. */
async function refuseLeftFiles(db: Database, name: string): Promise<void> {
  const [left] = await db
    .select({ id: images.id })
    .from(images)
    .innerJoin(datasets, eq(datasets.id, images.datasetId))
    .where(and(eq(datasets.name, name), isNull(datasets.location), eq(images.hasContent, true)))
    .limit(1)
  if (left === undefined) return
  throw new ServiceError(
    'CONFLICT',
    `The files of an archived dataset ${JSON.stringify(name)} are still stored: choose another name.`,
    { code: 'NAME_HAS_FILES' },
  )
}
