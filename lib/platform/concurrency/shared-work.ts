import { serialize } from 'node:v8'
import { LRUCache } from 'lru-cache'
import { cancelledBy, type Database, originOf } from '#db/client.ts'
import { type Asker, callerOf, heavyReadsOf } from './heavy-reads.ts'

/** What a shared computation works with: its statements and its pauses end with the signal. */
export type Work = { db: Database; signal: AbortSignal }

type UnderWay = { result: Promise<unknown>; askers: number; stop: AbortController }
type Shared = { kept: LRUCache<string, { answer: unknown }>; underWay: Map<string, UnderWay> }

/** Of all answers that are kept for one database. Comparisons of a thousand classes take up to 24 MB each. */
const KEPT_BYTES = 192 * 2 ** 20

/** Bundles may load a module more than once: what is kept is found by its name. */
const holder = globalThis as { secondReaderShared?: WeakMap<Database, Shared> }

/**
 * Expensive answers, computed in turn, each once for all who ask the same at a time, and kept for those who ask next. A
 * computation that every asker has left is ended. Work must not ask for other shared work: it holds a place already.
 *
 * `lru-cache` keeps the answers. Its `fetch` is not used: there the first asker's signal ends the work for all, and
 * work under way is put out by answers that are kept.
 */
export class SharedWork<T> {
  readonly #name: string
  readonly #bytesOf: (answer: T) => number

  /** `bytesOf`: about what an answer takes in memory; to serialize a large one would hold the event loop. */
  constructor(name: string, { bytesOf = serializedBytes }: { bytesOf?: (answer: T) => number } = {}) {
    this.#name = name
    this.#bytesOf = bytesOf
  }

  /** The answer under the key, which names all that it depends on; else what `make` gives. */
  async get(asker: Asker, key: string, make: (work: Work) => Promise<T>): Promise<T> {
    const { signal } = asker
    signal?.throwIfAborted()
    const { kept, underWay } = sharedOf(asker.db)
    const known = kept.get(this.#fullKey(key))
    if (known !== undefined) return known.answer as T
    const work = underWay.get(this.#fullKey(key)) ?? this.#begin(asker, key, make)
    work.askers += 1
    try {
      return (await untilAborted(work.result, signal)) as T
    } finally {
      work.askers -= 1
      if (work.askers === 0 && underWay.get(this.#fullKey(key)) === work) {
        underWay.delete(this.#fullKey(key)) // who asks from now on begins anew
        work.stop.abort(new DOMException('No caller waits for the answer any more.', 'AbortError'))
      }
    }
  }

  /** The answer if it is there: for work that holds a place and needs what other work has made. */
  findDone(db: Database, key: string): T | undefined {
    return sharedOf(db).kept.get(this.#fullKey(key))?.answer as T | undefined
  }

  /** Keeps an answer that other work has made. */
  keep(db: Database, key: string, answer: T): void {
    // One that is larger than all may be together is kept alone: its readers ask for it page by page.
    const size = Math.min(Math.max(1, Math.ceil(this.#bytesOf(answer))), KEPT_BYTES)
    sharedOf(db).kept.set(this.#fullKey(key), { answer }, { size })
  }

  #begin(asker: Asker, key: string, make: (work: Work) => Promise<T>): UnderWay {
    const stop = new AbortController()
    const { signal } = stop
    const begun = async () => {
      const answer = await make({ db: cancelledBy(asker.db, signal), signal })
      this.keep(asker.db, key, answer)
      return answer
    }
    const result = heavyReadsOf(asker.db).reads.run(begun, { caller: callerOf(asker), signal })
    const work: UnderWay = { result, askers: 0, stop }
    const { underWay } = sharedOf(asker.db)
    underWay.set(this.#fullKey(key), work)
    const forget = () => {
      if (underWay.get(this.#fullKey(key)) === work) underWay.delete(this.#fullKey(key))
    }
    result.then(forget, forget)
    return work
  }

  #fullKey(key: string): string {
    return `${this.#name} ${key}`
  }
}

function sharedOf(db: Database): Shared {
  holder.secondReaderShared ??= new WeakMap()
  const origin = originOf(db)
  const shared = holder.secondReaderShared.get(origin) ?? {
    kept: new LRUCache({ maxSize: KEPT_BYTES }),
    underWay: new Map(),
  }
  holder.secondReaderShared.set(origin, shared)
  return shared
}

function serializedBytes(answer: unknown): number {
  return serialize(answer).byteLength
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
