/** A user who loses their session or role sees nothing new after this long, on a stream that was open before. */
const ASK_EVERY_MS = 3_000

/**
 * The stream of a response for as long as `ask` does not throw; then an event `denied` and the end. A client that
 * comes back is refused as any other. An answer that cannot be had (no database) is no permission.
 */
export function followedWhile(
  response: Response,
  ask: () => Promise<void>,
  options: { everyMs?: number } = {},
): Response {
  if (response.body === null) return response
  const reader = response.body.getReader()
  let timer: NodeJS.Timeout | undefined
  let asking = false
  let over = false
  const end = () => {
    over = true
    clearInterval(timer)
  }
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const deny = () => {
          if (over) return
          end()
          controller.enqueue(new TextEncoder().encode('event: denied\ndata: {}\n\n'))
          controller.close()
          reader.cancel().catch(() => undefined) // its own end has no say any more
        }
        timer = setInterval(() => {
          if (asking) return
          asking = true
          ask().then(() => (asking = false), deny)
        }, options.everyMs ?? ASK_EVERY_MS)
        timer.unref()
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (over) return
          if (!done) return controller.enqueue(value)
          end()
          controller.close()
        } catch (error) {
          if (over) return
          end()
          controller.error(error)
        }
      },
      async cancel(reason) {
        end()
        await reader.cancel(reason)
      },
    },
    { highWaterMark: 0 }, // what a slow client leaves unread is the inner stream's to judge
  )
  return new Response(body, response)
}
