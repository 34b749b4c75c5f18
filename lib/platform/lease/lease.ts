import { and, type Column, eq, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Database } from '#db/client.ts'

export const HEARTBEAT_SECONDS = 10
export const LEASE_SECONDS = 30 // three heartbeats: two may be lost

/** A table whose rows are work that one process at a time holds. Its times are the database's alone. */
export type LeasedWork = {
  table: PgTable
  id: Column
  /** Grows with each claim, so that what a former holder writes is told apart. */
  epoch: Column
  leaseUntil: Column
  /** True of a row that a process holds: it has neither ended nor been given up. */
  isHeld: SQL
}

/** A row at the epoch at which it was claimed: the fencing token of all that its holder writes. */
export type Lease = { id: string; epoch: number }

/** The row has a newer epoch, has ended or was given up: nothing that its former holder has may be written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

/** The end of a lease that begins with this statement. */
export const leaseEnd = (seconds: number = LEASE_SECONDS): SQL =>
  sql`clock_timestamp() + make_interval(secs => ${seconds})`

/** True of a row that any process may claim: never held, or held by one that was not heard of. */
export const isFree = ({ leaseUntil }: Pick<LeasedWork, 'leaseUntil'>): SQL =>
  sql`coalesce(${leaseUntil}, '-infinity') < clock_timestamp()`

/** True of the row while its holder's lease counts. */
export const isHeldBy = (work: LeasedWork, lease: Lease): SQL =>
  and(eq(work.id, lease.id), eq(work.epoch, lease.epoch), work.isHeld) as SQL

/**
 * Prolongs the lease, and makes the other changes of the row with it. As the first statement of a transaction it also
 * keeps the row until its end: the next holder waits, and then sees what was written. Throws `LeaseLost`.
 */
export async function renewLease(
  db: Database,
  work: LeasedWork,
  lease: Lease,
  changes: SQL = sql``,
): Promise<void> {
  const { rowCount } = await db.execute(sql`
    update ${work.table} set ${sql.identifier(work.leaseUntil.name)} = ${leaseEnd()} ${changes}
    where ${isHeldBy(work, lease)}`)
  if (rowCount !== 1) throw new LeaseLost(`${lease.id} is no longer held at epoch ${lease.epoch}.`)
}
