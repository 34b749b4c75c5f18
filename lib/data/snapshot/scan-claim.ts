import { eq, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Database } from '#db/client.ts'
import { datasetSnapshots } from '#db/schema/dataset.ts'
import { type KeptLease, keepLease } from '#lib/platform/lease/keep-lease.ts'
import {
  isFree,
  isHeldBy,
  type Lease,
  type LeasedWork,
  leaseEnd,
  renewLease,
} from '#lib/platform/lease/lease.ts'

/** A scan that brought its process down this often in a row would do it again. */
const MAX_CLAIMS = 10
/**
 * A claim raises the epoch by one, giving the scan back in order raises it to the next multiple of this: the rest
 * counts the claims since, all but the last of which ended without a word.
 */
const EPOCH_STEP = 1000

/** A snapshot under way, and its dataset. */
export type ScanClaim = Lease & {
  createdAt: Date
  allowLabelConflicts: boolean
  dataset: { id: string; name: string; location: string | null; patientPattern: string | null }
}

type ClaimRow = {
  id: string
  epoch: string
  created_at: string | Date
  allow_label_conflicts: boolean
  dataset_id: string
  name: string
  location: string | null
  patient_pattern: string | null
}

/** Snapshots as work that one process at a time holds. */
const SCAN_WORK: LeasedWork = {
  table: datasetSnapshots,
  id: datasetSnapshots.id,
  epoch: datasetSnapshots.epoch,
  leaseUntil: datasetSnapshots.leaseUntil,
  isHeld: eq(datasetSnapshots.status, 'scanning'),
}

/** Takes the oldest scan that no process works on; never two of one dataset at a time. Time is the database's. */
export async function claimScan(db: Database): Promise<ScanClaim | null> {
  const waiting = alias(datasetSnapshots, 'waiting')
  const other = alias(datasetSnapshots, 'other')
  const { rows } = await db.execute<ClaimRow>(sql`
    update dataset_snapshots snapshot
    set epoch = epoch + 1, listed_count = 0, hashed_count = 0,
        lease_until = ${leaseEnd()}
    from datasets dataset
    where dataset.id = snapshot.dataset_id and snapshot.status = 'scanning' and snapshot.id = (
      select waiting.id from dataset_snapshots waiting
      where waiting.status = 'scanning' and ${isFree(waiting)}
        and not exists (
          select from dataset_snapshots other
          where other.dataset_id = waiting.dataset_id and other.status = 'scanning' and not (${isFree(other)}))
      order by waiting.created_at, waiting.id limit 1 for update skip locked)
    returning snapshot.id, snapshot.epoch, snapshot.created_at, snapshot.allow_label_conflicts, dataset.id as dataset_id,
      dataset.name, dataset.location, dataset.patient_pattern`)
  const row = rows[0]
  if (row === undefined) return null
  return {
    id: row.id,
    epoch: Number(row.epoch),
    createdAt: new Date(row.created_at),
    allowLabelConflicts: row.allow_label_conflicts,
    dataset: {
      id: row.dataset_id,
      name: row.name,
      location: row.location,
      patientPattern: row.patient_pattern,
    },
  }
}

export function isClaimedTooOften(claim: ScanClaim): boolean {
  return claim.epoch % EPOCH_STEP > MAX_CLAIMS
}

/**
 * First statement of every writing transaction: holds the snapshot's row at our epoch, and prolongs the lease. With
 * progress, what the scan waited for is there again. Throws `LeaseLost` where another process has taken the scan over
 * or the dataset was archived: this one must stop without a trace.
 */
export async function holdScan(
  tx: Database,
  claim: Lease,
  progress?: { listed: number; hashed: number },
): Promise<void> {
  const goesOn =
    progress === undefined
      ? sql``
      : sql`, listed_count = listed_count + ${progress.listed}, hashed_count = hashed_count + ${progress.hashed},
          failure_code = null, failure_detail = null`
  await renewLease(tx, SCAN_WORK, claim, goesOn)
}

/** Lets the next process continue at once instead of after the lease. */
export async function releaseScan(db: Database, claim: ScanClaim): Promise<void> {
  await giveBack(db, claim, sql`lease_until = null`)
}

/** Lets any process look again in a while, and says meanwhile why the scan stands still. */
export async function postponeScan(
  db: Database,
  claim: ScanClaim,
  why: { code: string; detail: string; afterSeconds: number },
): Promise<void> {
  await giveBack(
    db,
    claim,
    sql`lease_until = ${leaseEnd(why.afterSeconds)},
        failure_code = ${why.code}, failure_detail = ${why.detail}`,
  )
}

async function giveBack(db: Database, claim: ScanClaim, change: SQL): Promise<void> {
  await db.execute(sql`
    update dataset_snapshots set epoch = (epoch / ${EPOCH_STEP} + 1) * ${EPOCH_STEP}, ${change}
    where ${isHeldBy(SCAN_WORK, claim)}`)
}

/** Prolongs the lease while files are read; the signal aborts when it is lost. */
export function keepScan(db: Database, claim: Lease, onError: (error: unknown) => void): KeptLease {
  return keepLease({ renew: () => holdScan(db, claim), onError })
}
