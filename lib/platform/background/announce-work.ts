import { afterCommit, type Database } from '#db/client.ts'

/** The bundler and plain Node load this module once each; both must share one list. */
const holder = globalThis as { secondReaderWorkListeners?: Set<() => void> }

function listeners(): Set<() => void> {
  holder.secondReaderWorkListeners ??= new Set()
  return holder.secondReaderWorkListeners
}

/**
 * Says that something was stored for a background loop to do, as soon as it is committed: before, no loop would find it.
 * It saves this process's loops the rest of their pause; those of other processes look by themselves, so nothing
 * depends on its being heard.
 */
export function announceWork(db: Database): void {
  afterCommit(db, () => {
    for (const listener of listeners()) listener()
  })
}

/** Calls the listener at each announcement until the returned function is called. */
export function onWorkAnnounced(listener: () => void): () => void {
  listeners().add(listener)
  return () => void listeners().delete(listener)
}
