import { FOLLOWED_RUN_ENDS } from '#lib/model/evaluation-run/live-events.ts'
import type { EventStreamOptions } from '#lib/platform/live/event-stream.ts'
import { liveStream } from '#lib/platform/live/live-stream.ts'
import type { Feeds } from './feeds.ts'

/** Then the browser comes back by itself and has to show anew that it may listen. */
const MAX_STREAM_MS = 10 * 60_000

/** Everything that moves on the dashboard, after the event that the client had last. */
export function dashboardStream(
  { dashboard }: Feeds,
  lastEventId: string | null,
): ReadableStream<Uint8Array> {
  return liveStream(dashboard, { lastEventId, maxStreamMs: MAX_STREAM_MS })
}

/**
 * One run: `progress` now and on every change, `end` when it has ended. Each event holds the whole state, so a client that
 * was away has missed nothing and `Last-Event-ID` is not needed.
 */
export function runStream(
  { followedRuns }: Feeds,
  runId: string,
  options: EventStreamOptions = {},
): ReadableStream<Uint8Array> {
  return liveStream(followedRuns, { objectId: runId, endsWith: FOLLOWED_RUN_ENDS.name, ...options })
}
