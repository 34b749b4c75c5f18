import { checkDependencies } from '#lib/delivery/health/check-dependencies.ts'
import { checkEvaluators } from '#lib/delivery/health/check-evaluators.ts'
import { evaluatorAddresses } from '#lib/model/evaluator/evaluator-addresses.ts'
import { type EventStreamOptions, eventStream } from '#lib/platform/live/event-stream.ts'
import type { Service } from '#lib/platform/service/service.ts'
import { DashboardFeed } from './dashboard-feed.ts'

/** Then the browser comes back by itself and has to show anew that it may listen. */
const MAX_STREAM_MS = 10 * 60_000

/** One per process and database, however many bundles of it load this module. */
const holder = globalThis as { secondReaderFeeds?: WeakMap<object, DashboardFeed> }

/** Everything that moves on the dashboard as server-sent events: `run`, `run-progress`, `snapshot`, `dependency`. */
export function dashboardEventStream(
  service: Service,
  lastEventId: string | null,
  options: EventStreamOptions & { maxStreamMs?: number } = {},
): ReadableStream<Uint8Array> {
  const feed = feedOf(service)
  return eventStream(({ send, close }) => {
    const leave = feed.listen(send, lastEventId)
    const over = setTimeout(close, options.maxStreamMs ?? MAX_STREAM_MS)
    return () => {
      clearTimeout(over)
      leave()
    }
  }, options)
}

function feedOf(service: Service): DashboardFeed {
  holder.secondReaderFeeds ??= new WeakMap()
  const { db, databaseProbe, objectStore, settings } = service
  const feed =
    holder.secondReaderFeeds.get(db) ??
    new DashboardFeed({
      db,
      checkHealth: () =>
        checkDependencies({
          databaseProbe,
          objectStore,
          askEvaluator: (signal) => checkEvaluators(evaluatorAddresses(settings), signal),
        }),
    })
  holder.secondReaderFeeds.set(db, feed)
  return feed
}
