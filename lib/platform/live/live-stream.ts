import { type EventStreamOptions, eventStream } from './event-stream.ts'
import type { ListenOptions, LiveFeed } from './live-feed.ts'

export type LiveStreamOptions = ListenOptions & {
  /** The stream ends after an event of this name. */
  endsWith?: string
  /** The stream ends after this time; browsers come back by themselves, and show anew that they may listen. */
  maxStreamMs?: number
} & EventStreamOptions

/** A feed's events as the body of a reply, for as long as the client stays. */
export function liveStream(feed: LiveFeed, options: LiveStreamOptions): ReadableStream<Uint8Array> {
  const { endsWith, maxStreamMs } = options
  return eventStream(({ send, close }) => {
    const over = maxStreamMs === undefined ? undefined : setTimeout(close, maxStreamMs)
    const leave = feed.listen((event) => {
      send(event)
      if (event.event === endsWith) close()
    }, options)
    return () => {
      clearTimeout(over)
      leave()
    }
  }, options)
}
