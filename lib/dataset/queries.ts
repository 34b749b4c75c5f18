import { and, asc, gt, isNull, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { datasets } from '#db/schema/dataset.ts'
import type { Context } from '#lib/context.ts'
import { type Dataset, getActiveDataset } from './find-active.ts'
import {
  type After,
  findNewestSnapshots,
  listSkippedFiles,
  type SkippedFile,
  type SnapshotSummary,
} from './snapshot-queries.ts'

export type DatasetSummary = {
  id: string
  name: string
  location: string | null
  patientPattern: string | null
  createdAt: Date
  createdBy: string
  /** Counts of the newest ready snapshot; zero before there is one. */
  images: number
  /** Different patients among the images that name one. */
  patients: number
  findingClasses: { findingClass: string; images: number }[]
  /** The newest, whatever became of it. */
  lastSnapshot: SnapshotSummary | null
}

/** `skipped`: the files that the last snapshot did not take. */
export type DatasetView = DatasetSummary & { skipped: SkippedFile[] }

type CountRow = { snapshot_id: string; finding_class: string | null; images: string; patients: string }

async function summarize(db: Database, rows: readonly Dataset[]): Promise<DatasetSummary[]> {
  const ids = rows.map(({ id }) => id)
  const newest = await findNewestSnapshots(db, ids, { ready: false })
  const ready = await findNewestSnapshots(db, ids, { ready: true })
  const snapshotIds = [...ready.values()].map(({ id }) => id)
  // Per finding class, and once over all of them: a patient may have images in several.
  const { rows: counts } = await db.execute<CountRow>(sql`
    select member.snapshot_id, image.finding_class, count(*) as images, count(distinct image.patient) as patients
    from snapshot_images member join images image on image.id = member.image_id
    where member.snapshot_id = any(${sql.param(snapshotIds)}::uuid[])
    group by grouping sets ((member.snapshot_id, image.finding_class), (member.snapshot_id))
    order by image.finding_class collate "C"`)
  return rows.map((dataset) => {
    const snapshotId = ready.get(dataset.id)?.id
    const own = counts.filter((count) => count.snapshot_id === snapshotId)
    const total = own.find((count) => count.finding_class === null)
    return {
      id: dataset.id,
      name: dataset.name,
      location: dataset.location,
      patientPattern: dataset.patientPattern,
      createdAt: dataset.createdAt,
      createdBy: dataset.createdBy,
      images: Number(total?.images ?? 0),
      patients: Number(total?.patients ?? 0),
      findingClasses: own.flatMap(({ finding_class: findingClass, images }) =>
        findingClass === null ? [] : [{ findingClass, images: Number(images) }],
      ),
      lastSnapshot: newest.get(dataset.id) ?? null,
    }
  })
}

/** By name; the cursor position of a row is `[name]`. */
export async function listDatasets(
  context: Context,
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

export async function getDataset(context: Context, input: { name: string }): Promise<DatasetView> {
  const dataset = await getActiveDataset(context.db, input.name)
  const [summary] = await summarize(context.db, [dataset])
  if (summary === undefined) throw new Error('A dataset has no summary.')
  const last = summary.lastSnapshot
  return { ...summary, skipped: last === null ? [] : await listSkippedFiles(context.db, last.id) }
}
