import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { counted } from '#lib/vocabulary/counted.ts'
import { explainNothingTaken } from './nothing-taken.ts'
import { holdScan, type ScanClaim } from './scan-claim.ts'
import { listSkippedFiles } from './snapshot-queries.ts'
import { storeSnapshotCounts } from './store-counts.ts'

const MANIFEST_PAGE = 5000
/** How many conflicts the failure names in words; the skipped files list all. */
const NAMED_CONFLICTS = 3

/** Stands before the object key of the image that was kept, in the detail of a skipped copy. */
export const SAME_BYTES_AS = 'Same bytes as '

/** Settles double contents, refuses an empty or contradictory dataset, and makes the manifest final. */
export async function freezeSnapshot(context: Context, claim: ScanClaim): Promise<void> {
  const { db } = context
  await db.transaction(async (tx) => {
    await holdScan(tx, claim)
    await forgetReplaced(tx, claim.id)
    await skipDuplicates(tx, claim.id)
  })
  if (!claim.allowLabelConflicts) {
    const conflicts = await listLabelConflicts(db, claim)
    if (conflicts.count > 0) {
      const detail = `${counted(conflicts.count, 'image has', 'images have')} the same bytes as one of another finding class: ${conflicts.named}`
      return await failSnapshot(context, claim, 'LABEL_CONFLICT', detail)
    }
  }
  const manifest = await hashManifest(db, claim.id)
  if (manifest.images === 0) return await failEmpty(context, claim)

  await db.transaction(async (tx) => {
    await holdScan(tx, claim)
    await tx.execute(sql`
      update dataset_snapshots set status = 'ready', manifest_sha256 = decode(${manifest.sha256}, 'hex'),
        finished_at = clock_timestamp(), lease_until = null
      where id = ${claim.id}`)
    await storeSnapshotCounts(tx, claim.id)
    await recordAuditEvent(tx, context, {
      action: 'dataset-snapshot.freeze',
      objectType: 'dataset-snapshot',
      objectId: claim.id,
      after: { dataset: claim.dataset.name, images: manifest.images, manifestSha256: manifest.sha256 },
    })
  })
}

export async function failSnapshot(
  context: Context,
  claim: ScanClaim,
  code: string,
  detail: string,
): Promise<void> {
  await context.db.transaction(async (tx) => {
    await holdScan(tx, claim)
    if (code === 'LABEL_CONFLICT') await markLabelConflicts(tx, claim)
    await tx.execute(sql`
      update dataset_snapshots set status = 'failed', failure_code = ${code}, failure_detail = ${detail},
        finished_at = clock_timestamp(), lease_until = null
      where id = ${claim.id}`)
    await storeSnapshotCounts(tx, claim.id)
    await recordAuditEvent(tx, context, {
      action: 'dataset-snapshot.fail',
      objectType: 'dataset-snapshot',
      objectId: claim.id,
      after: { dataset: claim.dataset.name, code },
      reason: detail,
    })
  })
}

/** A file replaced while its folder was listed may have been listed twice, old and new: the new one counts. */
async function forgetReplaced(tx: Database, snapshotId: string): Promise<void> {
  await tx.execute(sql`
    delete from snapshot_images member using (
      select image.id, max(image.id) over (partition by image.key) as newest
      from snapshot_images m join images image on image.id = m.image_id where m.snapshot_id = ${snapshotId}
    ) version
    where member.snapshot_id = ${snapshotId} and member.image_id = version.id and version.id < version.newest`)
}

/** The same bytes twice in one finding class count once: under the key that comes first byte by byte. */
async function skipDuplicates(tx: Database, snapshotId: string): Promise<void> {
  await tx.execute(sql`
    with members as (
      select image.id, image.object_key,
        row_number() over same_bytes as place, first_value(image.object_key) over same_bytes as kept
      from snapshot_images member join images image on image.id = member.image_id
      where member.snapshot_id = ${snapshotId}
      window same_bytes as (partition by image.sha256, image.finding_class order by image.key collate "C")
    ), removed as (
      delete from snapshot_images member using members
      where member.snapshot_id = ${snapshotId} and member.image_id = members.id and members.place > 1
    )
    insert into skipped_files (snapshot_id, file, code, detail)
    select ${snapshotId}, object_key, 'DUPLICATE', ${SAME_BYTES_AS}::text || kept from members where place > 1
    on conflict do nothing`)
}

/** Rows (image id, object key, all keys of the same bytes) of contents that stand in several finding classes. */
function conflictingImages(snapshotId: string) {
  return sql`
    select image.id, image.object_key, contents.keys
    from snapshot_images member join images image on image.id = member.image_id
    join (
      select i.sha256, string_agg(i.key, ', ' order by i.key collate "C") as keys
      from snapshot_images m join images i on i.id = m.image_id
      where m.snapshot_id = ${snapshotId} group by i.sha256 having count(distinct i.finding_class) > 1
    ) contents on contents.sha256 = image.sha256
    where member.snapshot_id = ${snapshotId}`
}

async function listLabelConflicts(db: Database, claim: ScanClaim): Promise<{ count: number; named: string }> {
  const { rows } = await db.execute<{ count: string; keys: string }>(sql`
    select count(*) over () as count, keys from (${conflictingImages(claim.id)}) conflict
    group by keys order by keys collate "C" limit ${NAMED_CONFLICTS}`)
  const count = Number(rows[0]?.count ?? 0)
  const named = rows.map(({ keys }) => keys).join('; ')
  return { count, named: count > rows.length ? `${named}; …` : named }
}

async function markLabelConflicts(tx: Database, claim: ScanClaim): Promise<void> {
  await tx.execute(sql`
    insert into skipped_files (snapshot_id, file, code, detail)
    select ${claim.id}, object_key, 'LABEL_CONFLICT', 'Same bytes: ' || keys
    from (${conflictingImages(claim.id)}) conflict on conflict do nothing`)
}

/** Nothing to evaluate; when files were there but closed to us, that is what the user has to know. */
async function failEmpty(context: Context, claim: ScanClaim): Promise<void> {
  const { rows } = await context.db.execute<{ unreadable: string; skipped: string }>(sql`
    select count(*) filter (where code = 'UNREADABLE') as unreadable, count(*) as skipped
    from skipped_files where snapshot_id = ${claim.id}`)
  const unreadable = Number(rows[0]?.unreadable ?? 0)
  if (unreadable > 0) {
    const detail = `${counted(unreadable, 'file')} cannot be read with the service's rights, and there are no others.`
    return await failSnapshot(context, claim, 'UNREADABLE', detail)
  }
  const skipped = counted(Number(rows[0]?.skipped ?? 0), 'file was', 'files were')
  const reason = explainNothingTaken(await listSkippedFiles(context.db, claim.id))
  const detail = `No image below a finding class; ${skipped} skipped. ${reason}`
  await failSnapshot(context, claim, 'EMPTY_DATASET', detail)
}

/** SHA-256 over the lines [key, content, finding class] in the order of the keys' bytes, page by page. */
async function hashManifest(db: Database, snapshotId: string): Promise<{ sha256: string; images: number }> {
  const hash = createHash('sha256')
  let images = 0
  for (let after = ''; ; ) {
    const { rows } = await db.execute<{ key: string; sha256: Buffer; finding_class: string }>(sql`
      select image.key, image.sha256, image.finding_class
      from snapshot_images member join images image on image.id = member.image_id
      where member.snapshot_id = ${snapshotId} and image.key collate "C" > ${after}
      order by image.key collate "C" limit ${MANIFEST_PAGE}`)
    for (const row of rows) {
      hash.update(`${JSON.stringify([row.key, row.sha256.toString('hex'), row.finding_class])}\n`)
    }
    images += rows.length
    const last = rows.at(-1)
    if (last === undefined || rows.length < MANIFEST_PAGE) break
    after = last.key
  }
  return { sha256: hash.digest('hex'), images }
}
