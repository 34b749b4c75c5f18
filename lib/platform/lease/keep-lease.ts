import { setTimeout as sleep } from 'node:timers/promises'
import { HEARTBEAT_SECONDS, LEASE_SECONDS, LeaseLost } from './lease.ts'

/** A holder that heard nothing of its lease for so long stops by itself, well before another may take over. */
const FENCE_SECONDS = LEASE_SECONDS - 5
const WATCH_MS = 1000
const LAST_BEAT_MS = 1000

/** Why the holder must stop although its lease counts, such as a deadline. */
export class WorkOver extends Error {
  override readonly name = 'WorkOver'
}

export type KeptLease = { signal: AbortSignal; stop: () => Promise<void> }

/**
 * Renews a lease until `stop`. Aborts `signal` with what `renew` throws as `LeaseLost` or `WorkOver`, and with a
 * `LeaseLost` of its own when the database was away for nearly as long as the lease lasts.
 */
export function keepLease(options: {
  renew: () => Promise<void>
  /** Told of a beat that failed and says nothing of the lease. */
  onError: (error: unknown) => void
  beatMs?: number
}): KeptLease {
  const controller = new AbortController()
  let lastHeard = performance.now()
  let pending: Promise<void> | null = null

  const beat = async () => {
    const begun = performance.now()
    try {
      await options.renew()
      lastHeard = begun // the lease counts from the statement, which came after this moment
    } catch (error) {
      if (error instanceof LeaseLost || error instanceof WorkOver) controller.abort(error)
      else options.onError(error)
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
      controller.abort(new LeaseLost('The database was away for nearly as long as the lease lasts.'))
  }, WATCH_MS)
  return {
    signal: controller.signal,
    stop: async () => {
      clearInterval(beats)
      clearInterval(watch)
      // A beat on a connection that hangs must not keep its loop: the work is over for us, whatever it says.
      await Promise.race([pending, sleep(LAST_BEAT_MS, undefined, { ref: false })])
    },
  }
}
