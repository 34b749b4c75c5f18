import { type Asker, callerOf, heavyReadsOf } from './heavy-reads.ts'

/** A reader who takes no page for so long keeps others waiting. */
const STALL_MS = 60_000

/**
 * The pages of an export, while it holds one of the places for exports: from now on, until they are all taken, the
 * caller goes away, or takes no page for a minute. What is refused is refused now, before a reply begins.
 */
export async function holdExport(
  asker: Asker,
  pages: AsyncGenerator<string>,
  { stallMs = STALL_MS }: { stallMs?: number } = {},
): Promise<AsyncGenerator<string>> {
  const { signal } = asker
  const leave = await heavyReadsOf(asker.db).exports.enter({ caller: callerOf(asker), signal })
  let hasStalled = false
  const waitForReader = () =>
    setTimeout(() => {
      hasStalled = true
      leave()
      void pages.return(undefined).catch(() => undefined) // what the pages hold is given back too
    }, stallMs).unref()
  let waiting = waitForReader()
  signal?.addEventListener('abort', leave, { once: true })
  return (async function* held() {
    try {
      for (;;) {
        clearTimeout(waiting)
        if (hasStalled) throw new Error('The export was not read for too long.')
        const next = await pages.next()
        if (next.done) return
        waiting = waitForReader()
        yield next.value
      }
    } finally {
      clearTimeout(waiting)
      signal?.removeEventListener('abort', leave)
      leave()
      await pages.return(undefined)
    }
  })()
}
