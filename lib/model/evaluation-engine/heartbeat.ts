import { setTimeout as sleep } from 'node:timers/promises'
import { and, eq, isNotNull, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import { HEARTBEAT_SECONDS, LEASE_SECONDS } from '#lib/model/evaluation-run/lifecycle.ts'
import { type Ownership, OwnershipLost } from './write-batch.ts'

/** Why an attempt must stop although the run is not over. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed'
}

/** An owner that heard nothing of its lease for so long stops by itself, well before another may take over. */
const FENCE_SECONDS = LEASE_SECONDS - 5
const WATCH_MS = 1000
const LAST_BEAT_MS = 1000

export type Heartbeat = { signal: AbortSignal; stop: () => Promise<void> }

/**
 * Renews the run's lease on a connection of its own, and aborts `signal` when the run is no longer held
 * (`OwnershipLost`) or its deadline has passed (`DeadlinePassed`).
 */
export function startHeartbeat(options: {
  db: Database
  owner: Ownership
  onError: (error: unknown) => void
  beatMs?: number
}): Heartbeat {
  const { db, owner } = options
  const controller = new AbortController()
  let lastHeard = performance.now()
  let pending: Promise<void> | null = null

  const beat = async () => {
    const begun = performance.now()
    try {
      const row = await renewLease(db, owner)
      if (row === undefined)
        controller.abort(new OwnershipLost(`Run ${owner.runId} has been taken over or ended.`))
      else if (row.isOverdue) controller.abort(new DeadlinePassed('The run did not end before its deadline.'))
      else lastHeard = begun // the lease counts from the statement, which came after this moment
    } catch (error) {
      options.onError(error)
    }
  }
  const beats = setInterval(
    () => {
      pending ??= beat().finally(() => {
        pending = null
      })
    },
    options.beatMs ?? HEARTBEAT_SECONDS * 1000,
  )
  // Also catches a beat that never returns, and the wake-up of a process that was stopped.
  const watch = setInterval(() => {
    if (performance.now() - lastHeard > FENCE_SECONDS * 1000)
      controller.abort(new OwnershipLost('The database was away for nearly as long as the lease lasts.'))
  }, WATCH_MS)
  return {
    signal: controller.signal,
    stop: async () => {
      clearInterval(beats)
      clearInterval(watch)
      // A beat on a connection that hangs must not keep its loop: the run is over for us, whatever it says.
      await Promise.race([pending, sleep(LAST_BEAT_MS, undefined, { ref: false })])
    },
  }
}

async function renewLease(db: Database, owner: Ownership) {
  const [row] = await db
    .update(evaluationRuns)
    .set({ leaseUntil: sql`clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})` })
    .where(
      and(
        eq(evaluationRuns.id, owner.runId),
        eq(evaluationRuns.epoch, owner.epoch),
        eq(evaluationRuns.status, 'running'),
        isNotNull(evaluationRuns.owner), // given up meanwhile: a late beat must not hold it again
      ),
    )
    .returning({ isOverdue: sql<boolean>`${evaluationRuns.deadline} <= clock_timestamp()` })
  return row
}
