import { and, asc, gt, inArray, isNull, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { datasetSnapshots, datasets } from '#db/schema/dataset.ts'
import { type Dataset, getActiveDataset } from '#lib/data/dataset-source/find-active.ts'
import { warnOfPatients } from '#lib/data/snapshot/patient-warning.ts'
import { countSkippedFiles } from '#lib/data/snapshot/skipped-files.ts'
import { type After, findNewestSnapshots, listSkippedFiles } from '#lib/data/snapshot/snapshot-queries.ts'
import type { Context } from '#lib/platform/context.ts'
import { modalityOf } from '#lib/vocabulary/finding-class.ts'
import type { DatasetSummary, DatasetView, FindingClassCount } from './schema.ts'

async function summarize(db: Database, rows: readonly Dataset[]): Promise<DatasetSummary[]> {
  const ids = rows.map(({ id }) => id)
  const newest = await findNewestSnapshots(db, ids, { ready: false })
  const ready = await findNewestSnapshots(db, ids, { ready: true })
  const scans = await findScans(db, ids)
  const counts = await findCounts(
    db,
    [...ready.values()].map(({ id }) => id),
  )
  return rows.map((dataset) => {
    const readySnapshot = ready.get(dataset.id) ?? null
    const own = readySnapshot === null ? undefined : counts.get(readySnapshot.id)
    const findingClasses = own?.findingClasses ?? []
    const scan = scans.get(dataset.id)
    const { id, name, location, patientPattern, createdAt, createdBy } = dataset
    return {
      ...{ id, name, location, patientPattern, createdAt, createdBy },
      images: readySnapshot?.images ?? 0,
      patients: own?.patients ?? 0,
      findingClasses,
      modalities: countModalities(findingClasses),
      lastSnapshot: newest.get(dataset.id) ?? null,
      readySnapshot,
      scan: scan === undefined ? null : { ...scan, expected: readySnapshot?.listed ?? null },
    }
  })
}

/** Of frozen snapshots, as they were counted when they were frozen; a patient may have images in several classes. */
async function findCounts(
  db: Database,
  snapshotIds: readonly string[],
): Promise<Map<string, { patients: number; findingClasses: FindingClassCount[] }>> {
  const rows = await db
    .select({
      id: datasetSnapshots.id,
      patients: datasetSnapshots.patientCount,
      findingClasses: datasetSnapshots.findingClassCounts,
    })
    .from(datasetSnapshots)
    .where(inArray(datasetSnapshots.id, [...snapshotIds]))
  return new Map(
    rows.map(({ id, patients, findingClasses }) => [
      id,
      { patients: patients ?? 0, findingClasses: (findingClasses ?? []) as FindingClassCount[] }, // as it was stored
    ]),
  )
}

function countModalities(findingClasses: readonly FindingClassCount[]): DatasetSummary['modalities'] {
  const counts = new Map<string, number>()
  for (const { findingClass, images } of findingClasses) {
    const modality = modalityOf(findingClass)
    counts.set(modality, (counts.get(modality) ?? 0) + images)
  }
  return [...counts].map(([modality, images]) => ({ modality, images }))
}

type ScanRow = {
  id: string
  dataset_id: string
  is_claimed: boolean
  listed_count: number
  hashed_count: number
  created_at: string | Date
}

/** Each dataset's scan at work, else the one that waits longest. */
async function findScans(db: Database, datasetIds: readonly string[]) {
  const { rows } = await db.execute<ScanRow>(sql`
    select distinct on (dataset_id) id, dataset_id, epoch > 0 as is_claimed, listed_count, hashed_count, created_at
    from dataset_snapshots
    where dataset_id = any(${sql.param(datasetIds)}::uuid[]) and status = 'scanning'
    order by dataset_id, epoch > 0 desc, created_at, id`)
  return new Map(
    rows.map((row) => [
      row.dataset_id,
      {
        snapshotId: row.id,
        status: row.is_claimed ? ('scanning' as const) : ('waiting' as const),
        listed: row.listed_count,
        hashed: row.hashed_count,
        createdAt: new Date(row.created_at),
      },
    ]),
  )
}

/** By name, each with its headline figures; the cursor position of a row is `[name]`. */
export async function listDatasets(
  context: Pick<Context, 'db'>,
  input: { after: After; take: number },
): Promise<DatasetSummary[]> {
  const [name] = input.after ?? []
  const rows = await context.db
    .select()
    .from(datasets)
    .where(
      and(isNull(datasets.archivedAt), input.after === null ? undefined : gt(datasets.name, String(name))),
    )
    .orderBy(asc(datasets.name))
    .limit(input.take)
  return await summarize(context.db, rows)
}

/** A dataset with everything its page shows beside its images. */
export async function getDataset(
  context: Pick<Context, 'db'>,
  input: { name: string },
): Promise<DatasetView> {
  const { db } = context
  const dataset = await getActiveDataset(db, input.name)
  const [summary] = await summarize(db, [dataset])
  if (summary === undefined) throw new Error('A dataset has no summary.')
  const { lastSnapshot: last, readySnapshot } = summary
  const perPatient = await countPerPatient(db, readySnapshot?.id ?? null, summary.images)
  return {
    ...summary,
    ...perPatient,
    warnings: warnOfPatients({
      pattern: summary.patientPattern,
      images: summary.images,
      withPatient: summary.images - perPatient.imagesWithoutPatient,
    }),
    skipped: last === null ? [] : await listSkippedFiles(db, last.id),
    skippedByCode: last === null ? [] : await countSkippedFiles(db, last.id),
  }
}

async function countPerPatient(
  db: Database,
  snapshotId: string | null,
  images: number,
): Promise<Pick<DatasetView, 'imagesPerPatient' | 'imagesWithoutPatient'>> {
  type Row = { min: string | null; median: number | null; max: string | null; images: string | null }
  const { rows } = await db.execute<Row>(sql`
    select min(images), percentile_cont(0.5) within group (order by images) as median, max(images),
      sum(images) as images
    from (
      select count(*) as images from snapshot_images member join images image on image.id = member.image_id
      where member.snapshot_id = ${snapshotId}::uuid and image.patient is not null group by image.patient
    ) patient`)
  const [row] = rows
  const named = Number(row?.images ?? 0)
  if (row === undefined || named === 0) return { imagesPerPatient: null, imagesWithoutPatient: images }
  return {
    imagesPerPatient: { min: Number(row.min), median: Number(row.median), max: Number(row.max) },
    imagesWithoutPatient: images - named,
  }
}
