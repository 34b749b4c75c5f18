import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { type DatasetSources, openDatasetStore } from '#lib/data/dataset-source/sources.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { LeaseLost } from '#lib/platform/lease/lease.ts'
import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import { isStoreAway } from '#lib/platform/object-store/store-gate.ts'
import { type Candidate, classifyObject } from './classify-object.ts'
import { failSnapshot, freezeSnapshot } from './freeze-snapshot.ts'
import { type Skipped, scanBatch } from './scan-batch.ts'
import {
  claimScan,
  holdScan,
  isClaimedTooOften,
  keepScan,
  postponeScan,
  releaseScan,
  type ScanClaim,
} from './scan-claim.ts'

/** Rows of one transaction: about 30 ms on the embedded database. */
const BATCH_OBJECTS = 500
/** A store that is away is looked at again this soon, */
const OUTAGE_PAUSE_SECONDS = 5
/** as long as this after the scan was asked for: by then an operator should look. */
const OUTAGE_DEADLINE_MS = 86_400_000

/**
 * The body of the background scan: takes one waiting snapshot, lists and hashes its dataset, and freezes the
 * manifest. False when nothing waits. A process that dies on the way is followed by another that starts the
 * listing again and reads only what was not hashed yet.
 */
export async function scanNextSnapshot(
  context: Context,
  sources: DatasetSources,
  stop?: AbortSignal,
): Promise<boolean> {
  const claim = await claimScan(context.db)
  if (claim === null) return false
  const kept = keepScan(context.db, claim, () => {}) // the next write tells of the database
  const signal = stop === undefined ? kept.signal : AbortSignal.any([kept.signal, stop])
  try {
    if (isClaimedTooOften(claim)) {
      throw new ServiceError('UNAVAILABLE', 'The scan was interrupted too often.', {
        code: 'SCAN_INTERRUPTED',
      })
    }
    await scanDataset(context.db, sources, claim, signal)
    await freezeSnapshot(context, claim)
  } catch (error) {
    if (error instanceof LeaseLost) {
      // A database that was slow is no crash of ours. Where another process has the scan, this changes nothing.
      await releaseScan(context.db, claim).catch(() => undefined)
      return true
    }
    if (stop?.aborted) await releaseScan(context.db, claim)
    else if (!(error instanceof ServiceError)) throw error
    else if (isOutage(error) && context.now.getTime() - claim.createdAt.getTime() < OUTAGE_DEADLINE_MS) {
      const why = { code: 'STORE_AWAY', detail: error.message, afterSeconds: OUTAGE_PAUSE_SECONDS }
      await postponeScan(context.db, claim, why)
    } else await failSnapshot(context, claim, error.code, error.message)
  } finally {
    await kept.stop()
  }
  return true
}

/** The store does not answer, which passes. Codes of their own have the faults that do not, such as `LIST_LOOP`. */
function isOutage(error: ServiceError): boolean {
  return error.code === 'UNAVAILABLE' || isStoreAway(error)
}

async function scanDataset(
  db: Database,
  sources: DatasetSources,
  claim: ScanClaim,
  signal: AbortSignal,
): Promise<void> {
  await forgetEarlierAttempt(db, claim)
  const store = await openDatasetStore(sources, claim.dataset)
  try {
    // Names that are not NFC come second: only they can meet a name that is taken.
    const composed = await scanSpelling(db, store, claim, signal, true)
    if (composed.others > 0) await scanSpelling(db, store, claim, signal, false)
  } finally {
    await store.close()
  }
}

/** What a scan that was cut off has found is found again, from its images, without reading them. */
async function forgetEarlierAttempt(db: Database, claim: ScanClaim): Promise<void> {
  if (claim.epoch === 1) return
  await db.transaction(async (tx) => {
    await holdScan(tx, claim)
    await tx.execute(sql`delete from snapshot_images where snapshot_id = ${claim.id}`)
    await tx.execute(sql`delete from skipped_files where snapshot_id = ${claim.id}`)
  })
}

/** Scans the objects whose names are NFC, or those whose names are not; says how many were left to the other. */
async function scanSpelling(
  db: Database,
  store: ObjectStore,
  claim: ScanClaim,
  signal: AbortSignal,
  composed: boolean,
): Promise<{ others: number }> {
  let others = 0
  let candidates: Candidate[] = []
  let skipped: Skipped[] = []
  const flush = async (): Promise<void> => {
    if (!composed) await keepTwinsApart(db, claim, candidates)
    const listed = candidates.length + skipped.length
    await scanBatch(db, store, claim, { listed, candidates, skipped }, signal)
    candidates = []
    skipped = []
  }
  for await (const object of store.list()) {
    signal.throwIfAborted()
    if ((object.key.normalize('NFC') === object.key) !== composed) {
      others += 1
      continue
    }
    const kind = classifyObject(object)
    if (typeof kind === 'string') skipped.push({ file: object.key, code: kind })
    else candidates.push(kind)
    if (candidates.length + skipped.length === BATCH_OBJECTS) await flush()
  }
  if (candidates.length + skipped.length > 0) await flush()
  return { others }
}

/**
 * Two names may differ in their Unicode spelling alone. The image key is NFC, so one of them has it; the other
 * keeps its own spelling as the key, and neither is lost.
 */
async function keepTwinsApart(db: Database, claim: ScanClaim, candidates: Candidate[]): Promise<void> {
  const keys = candidates.map(({ key }) => key)
  const { rows } = await db.execute<{ key: string }>(sql`
    select image.key from snapshot_images member join images image on image.id = member.image_id
    where member.snapshot_id = ${claim.id} and image.dataset_id = ${claim.dataset.id}
      and image.key = any(${sql.param(keys)}::text[])`)
  const taken = new Set(rows.map(({ key }) => key))
  for (const candidate of candidates) {
    if (taken.has(candidate.key)) candidate.key = candidate.object.key
    taken.add(candidate.key)
  }
}
