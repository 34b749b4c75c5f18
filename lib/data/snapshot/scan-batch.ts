import { createHash } from 'node:crypto'
import { type SQL, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { MAX_KEY_BYTES } from '#lib/platform/object-store/object-key.ts'
import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import type { Candidate } from './classify-object.ts'
import { readPatients } from './patient-pattern.ts'
import { type ReadImage, readImage } from './read-image.ts'
import { holdScan, type ScanClaim } from './scan-claim.ts'
import type { SkipCode } from './skip-code.ts'

/** Enough to hide the latency of a store, few enough to bound memory (4 MB each). */
const READERS = 8

/** Characters of a longer name than images may have: enough to find the file. */
const SHOWN_NAME_LENGTH = 300

export type Skipped = { file: string; code: SkipCode }

type KnownRow = {
  id: string
  key: string
  object_key: string
  revision: string
  sha256: Buffer
  size_bytes: string
  width: number
  height: number
}
type KnownImage = ReadImage & { id: number; key: string; revision: string }
type FoundImage = { candidate: Candidate; image: ReadImage }

/**
 * One step of a scan: reads what is new or changed among the candidates, then writes images, membership and
 * skipped files in one short transaction. Nothing is read or hashed while the transaction is open.
 */
export async function scanBatch(
  db: Database,
  store: ObjectStore,
  claim: ScanClaim,
  batch: { listed: number; candidates: Candidate[]; skipped: Skipped[] },
  signal: AbortSignal,
): Promise<void> {
  const known = await findKnownImages(db, claim, batch.candidates)
  const skipped = [...batch.skipped]
  const unchanged: number[] = []
  const found: FoundImage[] = []
  let hashed = 0
  await forEachConcurrently(batch.candidates, READERS, async (candidate) => {
    signal.throwIfAborted()
    const before = known.get(candidate.object.key)
    if (before !== undefined && before.key === candidate.key) {
      unchanged.push(before.id)
      return
    }
    const image = before ?? (await readImage(store, candidate.object))
    if (before === undefined) hashed += 1
    if (typeof image === 'string') skipped.push({ file: candidate.object.key, code: image })
    else found.push({ candidate, image })
  })
  // One order for all writers: two that insert the same keys must not wait for each other in a circle.
  found.sort((a, b) => (a.candidate.key < b.candidate.key ? -1 : 1))
  const patients = await readPatients(
    claim.dataset.patientPattern,
    found.map(({ candidate }) => candidate.fileName),
  )
  await db.transaction(async (tx) => {
    await holdScan(tx, claim, { listed: batch.listed, hashed })
    if (unchanged.length > 0) await insertMembers(tx, claim, unchanged)
    if (found.length > 0) await insertImages(tx, claim, found, patients)
    if (skipped.length > 0) await insertSkipped(tx, claim, skipped)
  })
}

/** What earlier scans of this dataset learnt about these objects, where they have not changed since. */
async function findKnownImages(
  db: Database,
  claim: ScanClaim,
  candidates: readonly Candidate[],
): Promise<Map<string, KnownImage>> {
  // Both spellings: the index is on the key, which is NFC unless a twin has taken that.
  const keys = candidates.flatMap(({ key, object }) => (key === object.key ? [key] : [key, object.key]))
  const { rows } = await db.execute<KnownRow>(sql`
    select id, key, object_key, revision, sha256, size_bytes, width, height from images
    where dataset_id = ${claim.dataset.id} and key = any(${sql.param(keys)}::text[])
      and (object_key, revision) in (select * from unnest(
        ${column(candidates, ({ object }) => object.key)}::text[],
        ${column(candidates, ({ object }) => object.revision)}::text[]))`)
  return new Map(
    rows.map((row) => [
      row.object_key,
      {
        id: Number(row.id),
        key: row.key,
        revision: row.revision,
        sha256: row.sha256.toString('hex'),
        sizeBytes: Number(row.size_bytes),
        width: row.width,
        height: row.height,
      },
    ]),
  )
}

function column<T>(rows: readonly T[], value: (row: T) => string | number | null): SQL {
  return sql`${sql.param(rows.map(value))}`
}

async function insertMembers(tx: Database, claim: ScanClaim, ids: readonly number[]): Promise<void> {
  await tx.execute(sql`
    insert into snapshot_images (snapshot_id, image_id)
    select ${claim.id}, id from unnest(${sql.param(ids)}::bigint[]) as id on conflict do nothing`)
}

async function insertImages(
  tx: Database,
  claim: ScanClaim,
  found: readonly FoundImage[],
  patients: (string | null)[],
): Promise<void> {
  await tx.execute(sql`
    with found as (
      insert into images (dataset_id, key, object_key, finding_class, patient, sha256, size_bytes, width, height, revision)
      select ${claim.dataset.id}, key, object_key, finding_class, patient, decode(sha256, 'hex'), size_bytes, width, height, revision
      from unnest(
        ${column(found, ({ candidate }) => candidate.key)}::text[],
        ${column(found, ({ candidate }) => candidate.object.key)}::text[],
        ${column(found, ({ candidate }) => candidate.findingClass)}::text[],
        ${sql.param(patients)}::text[],
        ${column(found, ({ image }) => image.sha256)}::text[],
        ${column(found, ({ image }) => image.sizeBytes)}::bigint[],
        ${column(found, ({ image }) => image.width)}::int[],
        ${column(found, ({ image }) => image.height)}::int[],
        ${column(found, ({ candidate }) => candidate.object.revision)}::text[]
      ) as row (key, object_key, finding_class, patient, sha256, size_bytes, width, height, revision)
      on conflict (dataset_id, key, sha256) do update
        set object_key = excluded.object_key, revision = excluded.revision
      returning id)
    insert into snapshot_images (snapshot_id, image_id)
    select ${claim.id}, id from found on conflict do nothing`)
}

async function insertSkipped(tx: Database, claim: ScanClaim, skipped: readonly Skipped[]): Promise<void> {
  await tx.execute(sql`
    insert into skipped_files (snapshot_id, file, code)
    select ${claim.id}, file, code from unnest(
      ${column(skipped, ({ file }) => shownName(file))}::text[],
      ${column(skipped, ({ code }) => code)}::text[]
    ) as row (file, code) on conflict do nothing`)
}

/** A skipped file may have any name, as long as a path may be; the index of the skipped files takes 2.7 KB. */
function shownName(file: string): string {
  const name = file.replaceAll('\0', '\uFFFD')
  if (Buffer.byteLength(name) <= MAX_KEY_BYTES) return name
  const hash = createHash('sha256').update(name).digest('hex')
  return `${name.slice(0, SHOWN_NAME_LENGTH).toWellFormed()}… (SHA-256 ${hash})`
}

async function forEachConcurrently<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items].reverse()
  const worker = async (): Promise<void> => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item)
  }
  try {
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  } finally {
    queue.length = 0 // after a failure the other workers stop at their next item
  }
}
