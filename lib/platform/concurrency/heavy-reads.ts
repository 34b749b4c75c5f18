import { cpus } from 'node:os'
import { type Database, originOf } from '#db/client.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { BoundedQueue } from './bounded-queue.ts'

/** Who asks for an expensive answer, and by what it is known that they no longer want it. */
export type Asker = Pick<Context, 'db' | 'actor' | 'signal'>

/** On a small machine one: what is computed takes a core, and pages need the other. */
const READS_AT_ONCE = Math.max(1, Math.min(4, Math.floor(cpus().length / 2)))
/** A computation takes a second or some: the last of these waits for half a minute. */
const READS_WAITING = 30
/** A page asks for two or three, and a person opens some pages at once. */
const READS_WAITING_PER_CALLER = 8
/** An export mostly waits for its reader, and takes a statement of milliseconds now and then. */
const EXPORTS_AT_ONCE = 8
const EXPORTS_WAITING = 16
const EXPORTS_WAITING_PER_CALLER = 1
/** A full queue empties within some of these. */
const RETRY_AFTER_SECONDS = 5
/** One's own earlier request is often done by then. */
const RETRY_OWN_AFTER_SECONDS = 2

type Places = { reads: BoundedQueue; exports: BoundedQueue }

/** Bundles may load this module more than once; all of them share one queue for each database. */
const holder = globalThis as { secondReaderHeavyReads?: WeakMap<Database, Places> }

/** The places of this process for reads that grow with the data. */
export function heavyReadsOf(db: Database): Places {
  holder.secondReaderHeavyReads ??= new WeakMap()
  const origin = originOf(db)
  const places = holder.secondReaderHeavyReads.get(origin) ?? {
    reads: queueOf({
      places: READS_AT_ONCE,
      waiting: READS_WAITING,
      waitingPerCaller: READS_WAITING_PER_CALLER,
    }),
    exports: queueOf({
      places: EXPORTS_AT_ONCE,
      waiting: EXPORTS_WAITING,
      waitingPerCaller: EXPORTS_WAITING_PER_CALLER,
    }),
  }
  holder.secondReaderHeavyReads.set(origin, places)
  return places
}

function queueOf(limits: { places: number; waiting: number; waitingPerCaller: number }): BoundedQueue {
  return new BoundedQueue({
    ...limits,
    placesPerCaller: 1,
    refuseFull: () =>
      new ServiceError(
        'UNAVAILABLE',
        'Too many expensive requests are waiting: try again in a few seconds.',
        { code: 'BUSY', details: { retryAfterSeconds: RETRY_AFTER_SECONDS } },
      ),
    refuseOwn: (count) =>
      new ServiceError(
        'TOO_MANY_REQUESTS',
        `${count} of your requests like this are under way or waiting: ask again when one has been answered.`,
        { code: 'TOO_MANY_READS', details: { retryAfterSeconds: RETRY_OWN_AFTER_SECONDS } },
      ),
  })
}

/** The person behind, so that more keys are not more places. */
export function callerOf({ actor }: Pick<Asker, 'actor'>): string {
  return actor.userId ?? actor.id
}
