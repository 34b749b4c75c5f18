import { cpus } from 'node:os'
import { type Database, originOf } from '#db/client.ts'
import type { Context } from '#lib/platform/context.ts'
import { FairQueue } from './fair-queue.ts'

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

type Places = { reads: FairQueue; exports: FairQueue }

/** Bundles may load this module more than once; all of them share one queue for each database. */
const holder = globalThis as { secondReaderHeavyReads?: WeakMap<Database, Places> }

/** The places of this process for reads that grow with the data. */
export function heavyReadsOf(db: Database): Places {
  holder.secondReaderHeavyReads ??= new WeakMap()
  const origin = originOf(db)
  const places = holder.secondReaderHeavyReads.get(origin) ?? {
    reads: new FairQueue({
      places: READS_AT_ONCE,
      waiting: READS_WAITING,
      waitingPerCaller: READS_WAITING_PER_CALLER,
    }),
    exports: new FairQueue({
      places: EXPORTS_AT_ONCE,
      waiting: EXPORTS_WAITING,
      waitingPerCaller: EXPORTS_WAITING_PER_CALLER,
    }),
  }
  holder.secondReaderHeavyReads.set(origin, places)
  return places
}

/** The person behind, so that more keys are not more places. */
export function callerOf({ actor }: Pick<Asker, 'actor'>): string {
  return actor.userId ?? actor.id
}
