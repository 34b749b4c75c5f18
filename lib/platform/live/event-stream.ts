/** Proxies close a connection on which nothing was said for a minute. */
const HEARTBEAT_MS = 15_000
/** A client that does not read is dropped; it comes back and gets the state of then. */
const MAX_UNREAD_BYTES = 1024 * 1024

export type StreamEvent = { id: string | number; event: string; data: unknown }

export type EventClient = {
  send: (event: StreamEvent) => void
  /** Ends the stream after what was sent. */
  close: () => void
}

export type EventStreamOptions = { heartbeatMs?: number; maxUnreadBytes?: number }

/**
 * Server-sent events as a body. `open` is given the client and returns what stops its events; that is called once, when
 * the client goes away, does not read, or was closed.
 */
export function eventStream(
  open: (client: EventClient) => () => void,
  options: EventStreamOptions = {},
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let ended = false
  let leave: (() => void) | undefined
  let heartbeat: NodeJS.Timeout | undefined
  const stop = () => {
    ended = true
    clearInterval(heartbeat)
    const left = leave
    leave = undefined
    left?.()
  }
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const write = (text: string) => {
          if (ended) return
          if ((controller.desiredSize ?? 0) > 0) return controller.enqueue(encoder.encode(text))
          stop()
          controller.error(new Error('The client does not read its events.'))
        }
        heartbeat = setInterval(() => write(': still here\n\n'), options.heartbeatMs ?? HEARTBEAT_MS)
        const leaving = open({
          send: ({ id, event, data }) =>
            write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
          close: () => {
            if (ended) return
            stop()
            controller.close()
          },
        })
        // It may have ended already, by the first thing that was sent.
        if (ended) leaving()
        else leave = leaving
      },
      cancel: stop,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: options.maxUnreadBytes ?? MAX_UNREAD_BYTES }),
  )
}
