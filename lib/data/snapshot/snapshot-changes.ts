import { type SQL, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { ChangeKind, SnapshotChange, SnapshotChanges } from './schema.ts'
import { type After, findSnapshotBefore, getSnapshot } from './snapshot-queries.ts'

/**
 * What a dataset's snapshot has that an older one had not, by content: a file that was only renamed is neither added
 * nor removed, and one whose bytes were replaced is both. The rows are those of one kind, by key; the cursor position
 * of a row is `[key ?? previousKey]`.
 */
export async function listSnapshotChanges(
  context: Context,
  input: {
    dataset: string
    id: string
    since?: string | undefined
    kind: ChangeKind
    after: After
    take: number
  },
): Promise<SnapshotChanges & { rows: SnapshotChange[] }> {
  const newer = await getReadySnapshot(context, input.dataset, input.id)
  const since =
    input.since === undefined
      ? await findSnapshotBefore(context.db, newer)
      : (await getReadySnapshot(context, input.dataset, input.since)).id
  const changes = changesBetween(newer.id, since)
  return {
    snapshotId: newer.id,
    since,
    counts: await countChanges(context.db, changes),
    kind: input.kind,
    rows: await readChanges(context.db, changes, input),
  }
}

async function getReadySnapshot(context: Context, dataset: string, id: string) {
  const snapshot = await getSnapshot(context, { dataset, id })
  if (snapshot.status !== 'ready')
    throw new ServiceError(
      'CONFLICT',
      `The snapshot is ${snapshot.status}: only ready snapshots can be compared.`,
      {
        code: 'SNAPSHOT_NOT_READY',
        details: { snapshotId: snapshot.id, status: snapshot.status },
      },
    )
  return snapshot
}

/** One row per content of either snapshot, with its kind; null where nothing changed. */
function changesBetween(newerId: string, olderId: string | null): SQL {
  return sql`
    select sha256, newer.id as newer_id, older.id as older_id, newer.key, older.key as previous_key,
      newer.classes, older.classes as previous_classes, coalesce(newer.key, older.key) as position,
      case when older.id is null then 'added' when newer.id is null then 'removed'
        when newer.classes <> older.classes then 'reclassified'
        when newer.key <> older.key then 'renamed' end as kind
    from (${contentsOf(newerId)}) newer full join (${contentsOf(olderId)}) older using (sha256)`
}

function contentsOf(snapshotId: string | null): SQL {
  return sql`
    select image.sha256, min(image.id) as id, min(image.key collate "C") as key,
      array_agg(distinct image.finding_class order by image.finding_class) as classes
    from snapshot_images member join images image on image.id = member.image_id
    where member.snapshot_id = ${snapshotId}::uuid group by image.sha256`
}

async function countChanges(db: Database, changes: SQL): Promise<Record<ChangeKind, number>> {
  const { rows } = await db.execute<{ kind: ChangeKind; count: string }>(sql`
    select kind, count(*) as count from (${changes}) change where kind is not null group by kind`)
  const counts = { added: 0, removed: 0, reclassified: 0, renamed: 0 }
  for (const { kind, count } of rows) counts[kind] = Number(count)
  return counts
}

type ChangeRow = {
  sha256: Buffer
  newer_id: string | null
  older_id: string | null
  key: string | null
  previous_key: string | null
  classes: string[] | null
  previous_classes: string[] | null
}

async function readChanges(
  db: Database,
  changes: SQL,
  page: { kind: ChangeKind; after: After; take: number },
): Promise<SnapshotChange[]> {
  const [position] = page.after ?? []
  const { rows } = await db.execute<ChangeRow>(sql`
    select * from (${changes}) change where kind = ${page.kind}
      ${page.after === null ? sql`` : sql`and position collate "C" > ${String(position)}`}
    order by position collate "C" limit ${page.take}`)
  return rows.map((row) => ({
    imageId: Number(row.newer_id ?? row.older_id),
    sha256: row.sha256.toString('hex'),
    key: row.key,
    findingClasses: row.classes ?? [],
    previousKey: row.previous_key,
    previousFindingClasses: row.previous_classes ?? [],
  }))
}
