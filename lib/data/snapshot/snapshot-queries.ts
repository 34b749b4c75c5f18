import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { getActiveDataset } from '#lib/data/dataset-source/find-active.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { warnOfPatients } from './patient-warning.ts'
import type { DatasetWarning, SkippedFile, SnapshotSummary, SnapshotView } from './schema.ts'

/** The place of a row in a list, as the API's cursors carry it. */
export type After = readonly (string | number | null)[] | null

/** More than a person reads; `skippedCount` is always the whole number. */
const SHOWN_SKIPPED = 10_000

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

type SummaryRow = {
  id: string
  dataset_id: string
  status: SnapshotSummary['status']
  images: string
  skipped: string
  listed_count: number
  hashed_count: number
  allow_label_conflicts: boolean
  manifest_sha256: Buffer | null
  failure_code: string | null
  failure_detail: string | null
  created_at: string | Date
  created_by: string
  finished_at: string | Date | null
}

const summaryColumns = sql`
  snapshot.*,
  coalesce(snapshot.image_count, (select count(*) from snapshot_images where snapshot_id = snapshot.id)) as images,
  coalesce(snapshot.skipped_count, (select count(*) from skipped_files where snapshot_id = snapshot.id)) as skipped`

function toSummary(row: SummaryRow): SnapshotSummary {
  return {
    id: row.id,
    status: row.status,
    images: Number(row.images),
    skippedCount: Number(row.skipped),
    listed: row.listed_count,
    hashed: row.hashed_count,
    allowLabelConflicts: row.allow_label_conflicts,
    manifestSha256: row.manifest_sha256?.toString('hex') ?? null,
    failureCode: row.failure_code,
    failureDetail: row.failure_detail,
    createdAt: new Date(row.created_at),
    createdBy: row.created_by,
    finishedAt: row.finished_at === null ? null : new Date(row.finished_at),
  }
}

/** Newest first. */
export async function listSnapshots(
  context: Context,
  input: { dataset: string; after: After; take: number },
): Promise<SnapshotSummary[]> {
  const dataset = await getActiveDataset(context.db, input.dataset)
  const [createdAt, id] = input.after ?? []
  const older =
    input.after === null ? sql`` : sql`and (created_at, id) < (${createdAt}::timestamptz, ${id}::uuid)`
  const { rows } = await context.db.execute<SummaryRow>(sql`
    select ${summaryColumns} from dataset_snapshots snapshot
    where dataset_id = ${dataset.id} ${older}
    order by created_at desc, id desc limit ${input.take}`)
  return rows.map(toSummary)
}

/** The cursor position of a snapshot in `listSnapshots`. */
export function snapshotPosition(snapshot: SnapshotSummary): readonly [string, string] {
  return [snapshot.createdAt.toISOString(), snapshot.id]
}

export async function getSnapshot(
  context: Context,
  input: { dataset: string; id: string },
): Promise<SnapshotView> {
  const dataset = await getActiveDataset(context.db, input.dataset)
  const { rows } = UUID.test(input.id)
    ? await context.db.execute<SummaryRow>(sql`
        select ${summaryColumns} from dataset_snapshots snapshot
        where dataset_id = ${dataset.id} and id = ${input.id}`)
    : { rows: [] }
  const row = rows[0]
  if (row === undefined) {
    throw new ServiceError(
      'NOT_FOUND',
      `The dataset ${dataset.name} has no snapshot ${input.id.slice(0, 50)}.`,
    )
  }
  const snapshot = toSummary(row)
  return {
    ...snapshot,
    skipped: await listSkippedFiles(context.db, row.id),
    warnings:
      snapshot.status === 'ready' ? await findWarnings(context.db, snapshot, dataset.patientPattern) : [],
  }
}

async function findWarnings(
  db: Database,
  { id, images }: SnapshotSummary,
  pattern: string | null,
): Promise<DatasetWarning[]> {
  if (pattern === null) return []
  const { rows } = await db.execute<{ count: string }>(sql`
    select count(*) as count from snapshot_images member join images image on image.id = member.image_id
    where member.snapshot_id = ${id} and image.patient is not null`)
  return warnOfPatients({ pattern, images, withPatient: Number(rows[0]?.count ?? 0) })
}

export async function listSkippedFiles(db: Database, snapshotId: string): Promise<SkippedFile[]> {
  const { rows } = await db.execute<SkippedFile>(sql`
    select file, code, detail from skipped_files where snapshot_id = ${snapshotId}
    order by file collate "C" limit ${SHOWN_SKIPPED}`)
  return rows
}

/** Each dataset's newest snapshot, or its newest ready one. */
export async function findNewestSnapshots(
  db: Database,
  datasetIds: readonly string[],
  options: { ready: boolean },
): Promise<Map<string, SnapshotSummary>> {
  const { rows } = await db.execute<SummaryRow>(sql`
    select ${summaryColumns} from (
      select distinct on (dataset_id) * from dataset_snapshots
      where dataset_id = any(${sql.param(datasetIds)}::uuid[]) ${options.ready ? sql`and status = 'ready'` : sql``}
      order by dataset_id, created_at desc, id desc
    ) snapshot`)
  return new Map(rows.map((row) => [row.dataset_id, toSummary(row)]))
}

/** The id of the ready snapshot that came before this one of the same dataset; null where it is the first. */
export async function findSnapshotBefore(db: Database, snapshot: { id: string }): Promise<string | null> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select older.id from dataset_snapshots newer
    join dataset_snapshots older on older.dataset_id = newer.dataset_id and older.status = 'ready'
      and (older.created_at, older.id) < (newer.created_at, newer.id)
    where newer.id = ${snapshot.id} order by older.created_at desc, older.id desc limit 1`)
  return rows[0]?.id ?? null
}
