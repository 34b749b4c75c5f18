import type { Database } from '#db/client.ts'

/** Keeps the last few results of a computation, for as long as the database is open; all who ask at once share one. */
export class Recent<T> {
  readonly #byDatabase = new WeakMap<Database, Map<string, Promise<T>>>()
  readonly #size: number

  constructor(size: number) {
    this.#size = size
  }

  /** What is kept under the key, which must name all that the result depends on; else what `make` gives. */
  get(db: Database, key: string, make: () => Promise<T>): Promise<T> {
    const kept = this.#byDatabase.get(db) ?? new Map<string, Promise<T>>()
    this.#byDatabase.set(db, kept)
    const found = kept.get(key)
    const result = found ?? make()
    if (found === undefined) void result.catch(() => kept.delete(key))
    kept.delete(key) // asked for last: at the end
    kept.set(key, result)
    for (const oldest of kept.keys()) {
      if (kept.size <= this.#size) break
      kept.delete(oldest)
    }
    return result
  }
}
