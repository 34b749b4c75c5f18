import type { Database } from '#db/client.ts'
import { followRun } from '#lib/model/evaluation-run/progress-feed.ts'
import { type EventStreamOptions, eventStream } from '#lib/platform/live/event-stream.ts'

/**
 * A run's progress as server-sent events: `progress` now and on every change, `end` when it has ended. Each event
 * holds the whole state, so a client that was away has missed nothing and `Last-Event-ID` is not needed.
 */
export function runEventStream(
  db: Database,
  runId: string,
  options: EventStreamOptions = {},
): ReadableStream<Uint8Array> {
  return eventStream(({ send, close }) => {
    let id = 0
    const sendEvent = (event: 'progress' | 'end', data: unknown) => {
      id += 1
      send({ id, event, data })
    }
    return followRun(db, runId, {
      progress: (run) => sendEvent('progress', run),
      end: (run) => {
        sendEvent('end', run ?? { id: runId, deleted: true })
        close()
      },
    })
  }, options)
}
