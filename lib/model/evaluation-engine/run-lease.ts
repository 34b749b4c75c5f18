import { and, eq, gt, isNotNull, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import { type KeptLease, keepLease, WorkOver } from '#lib/platform/lease/keep-lease.ts'
import { type Lease, type LeasedWork, renewLease } from '#lib/platform/lease/lease.ts'

/** Evaluation runs as work that one process at a time holds. */
export const RUN_WORK: LeasedWork = {
  table: evaluationRuns,
  id: evaluationRuns.id,
  epoch: evaluationRuns.epoch,
  leaseUntil: evaluationRuns.leaseUntil,
  // One that was given up has no owner: a late heartbeat must not hold it again.
  isHeld: and(eq(evaluationRuns.status, 'running'), isNotNull(evaluationRuns.owner)) ?? sql`false`,
}

/**
 * Renews the run's lease on a connection of its own. Aborts `signal` when the run is no longer held (`LeaseLost`) or its
 * deadline has passed (`WorkOver`).
 */
export function keepRun(options: {
  db: Database
  lease: Lease
  onError: (error: unknown) => void
  beatMs?: number
}): KeptLease {
  const { db, lease } = options
  return keepLease({
    ...options,
    renew: async () => {
      await renewLease(db, RUN_WORK, lease)
      if (await isOverdue(db, lease)) throw new WorkOver('The run did not end before its deadline.')
    },
  })
}

async function isOverdue(db: Database, { id }: Lease): Promise<boolean> {
  const inTime = gt(evaluationRuns.deadline, sql`clock_timestamp()`)
  const rows = await db
    .select({ id: evaluationRuns.id })
    .from(evaluationRuns)
    .where(and(eq(evaluationRuns.id, id), inTime))
  return rows.length === 0
}
