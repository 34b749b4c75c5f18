import type { Database } from '#db/client.ts'
import { followRun } from './progress-feed.ts'

/** Proxies close a connection on which nothing was said for a minute. */
const HEARTBEAT_MS = 15_000
/** A client that does not read is dropped; it comes back and gets the state of then. */
const MAX_UNREAD_BYTES = 1024 * 1024

/**
 * A run's progress as server-sent events: `progress` now and on every change, `end` when it has ended. Each event
 * holds the whole state, so a client that was away has missed nothing and `Last-Event-ID` is not needed.
 */
export function runEventStream(
  db: Database,
  runId: string,
  options: { heartbeatMs?: number; maxUnreadBytes?: number } = {},
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let leave = () => {}
  let heartbeat: NodeJS.Timeout | undefined
  const stop = () => {
    clearInterval(heartbeat)
    leave()
  }
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let ended = false
        let eventId = 0
        const send = (text: string) => {
          if (ended) return
          if ((controller.desiredSize ?? 0) <= 0) {
            ended = true
            stop()
            controller.error(new Error('The client does not read its events.'))
            return
          }
          controller.enqueue(encoder.encode(text))
        }
        const sendEvent = (name: 'progress' | 'end', data: unknown) => {
          eventId += 1
          send(`id: ${eventId}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
        }
        heartbeat = setInterval(() => send(': still here\n\n'), options.heartbeatMs ?? HEARTBEAT_MS)
        leave = followRun(db, runId, {
          progress: (run) => sendEvent('progress', run),
          end: (run) => {
            sendEvent('end', run ?? { id: runId, deleted: true })
            stop()
            if (!ended) controller.close()
            ended = true
          },
        })
      },
      cancel: stop,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: options.maxUnreadBytes ?? MAX_UNREAD_BYTES }),
  )
}
