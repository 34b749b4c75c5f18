import { cancelledBy, type Database, originOf } from '#db/client.ts'
import { type Asker, callerOf, heavyReadsOf } from './heavy-reads.ts'

/** What a shared computation works with: its statements and its pauses end with the signal. */
export type Work = { db: Database; signal: AbortSignal }

type Entry<T> = { result: Promise<T>; isDone: boolean; askers: number; stop: AbortController }

/** Bundles may load a module more than once: what is kept is found by its name. */
const holder = globalThis as { secondReaderShared?: WeakMap<Database, Map<string, Map<string, unknown>>> }

/**
 * Expensive answers, computed in turn, each once for all who ask the same at a time, and kept for those who ask next. A
 * computation that every asker has left is ended. Work must not ask for other shared work: it holds a place already.
 */
export class SharedWork<T> {
  readonly #name: string
  readonly #kept: number

  constructor(name: string, options: { kept: number }) {
    this.#name = name
    this.#kept = options.kept
  }

  /** The answer under the key, which names all that it depends on; else what `make` gives. */
  async get(asker: Asker, key: string, make: (work: Work) => Promise<T>): Promise<T> {
    const { signal } = asker
    signal?.throwIfAborted()
    const entries = this.#entriesOf(asker.db)
    const entry = entries.get(key) ?? this.#begin(asker, make)
    this.#renew(entries, key, entry)
    if (entry.isDone) return await entry.result
    entry.askers += 1
    try {
      return await untilAborted(entry.result, signal)
    } finally {
      entry.askers -= 1
      if (entry.askers === 0 && !entry.isDone) {
        if (entries.get(key) === entry) entries.delete(key) // who asks from now on begins anew
        entry.stop.abort(new DOMException('No caller waits for the answer any more.', 'AbortError'))
      }
    }
  }

  /** The answer if it is there: for work that holds a place and needs what other work has made. */
  async findDone(db: Database, key: string): Promise<T | undefined> {
    const entry = this.#entriesOf(db).get(key)
    return entry?.isDone ? await entry.result : undefined
  }

  /** Keeps an answer that other work has made. */
  keep(db: Database, key: string, answer: T): void {
    const entry = { result: Promise.resolve(answer), isDone: true, askers: 0, stop: new AbortController() }
    this.#renew(this.#entriesOf(db), key, entry)
  }

  #begin(asker: Asker, make: (work: Work) => Promise<T>): Entry<T> {
    const stop = new AbortController()
    const { signal } = stop
    const work = { db: cancelledBy(asker.db, signal), signal }
    const turn = { caller: callerOf(asker), signal }
    const result = heavyReadsOf(asker.db).reads.run(() => make(work), turn)
    const entry: Entry<T> = { result, isDone: false, askers: 0, stop }
    const entries = this.#entriesOf(asker.db)
    result.then(
      () => {
        entry.isDone = true
        this.#forgetOldest(entries)
      },
      () => {
        for (const [key, each] of entries) if (each === entry) entries.delete(key)
      },
    )
    return entry
  }

  #entriesOf(db: Database): Map<string, Entry<T>> {
    holder.secondReaderShared ??= new WeakMap()
    const origin = originOf(db)
    const byName = holder.secondReaderShared.get(origin) ?? new Map<string, Map<string, unknown>>()
    holder.secondReaderShared.set(origin, byName)
    const entries = (byName.get(this.#name) ?? new Map()) as Map<string, Entry<T>>
    byName.set(this.#name, entries)
    return entries
  }

  #renew(entries: Map<string, Entry<T>>, key: string, entry: Entry<T>): void {
    entries.delete(key) // asked for last: at the end
    entries.set(key, entry)
    this.#forgetOldest(entries)
  }

  #forgetOldest(entries: Map<string, Entry<T>>): void {
    const done = [...entries].filter(([, { isDone }]) => isDone)
    for (const [key] of done.slice(0, Math.max(0, done.length - this.#kept))) entries.delete(key)
  }
}

/** The promise's outcome, or the signal's reason as soon as it aborts. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await promise
  return await new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
