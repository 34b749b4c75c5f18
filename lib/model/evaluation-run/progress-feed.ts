import type { Database } from '#db/client.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { isOver } from './lifecycle.ts'
import { getEvaluationRun } from './queries.ts'
import type { EvaluationRunSummary } from './schema.ts'

export type ProgressListener = {
  progress: (run: EvaluationRunSummary) => void
  /** The run has ended, or (null) was deleted: nothing follows. */
  end: (run: EvaluationRunSummary | null) => void
}

const POLL_MS = 1000
/** Looking may take a tenth of the database's time for a run, not more: counting a million rows takes a second. */
const REST_FACTOR = 10

/** Looks after a run for as long as a client listens: one query for all who do. */
class RunFeed {
  readonly listeners = new Set<ProgressListener>()
  readonly #db: Database
  readonly #runId: string
  readonly #onIdle: () => void
  #last: EvaluationRunSummary | null = null
  #lastText = ''
  #timer: NodeJS.Timeout | null = null

  constructor(db: Database, runId: string, onIdle: () => void) {
    this.#db = db
    this.#runId = runId
    this.#onIdle = onIdle
  }

  add(listener: ProgressListener): void {
    this.listeners.add(listener)
    if (this.#last !== null) listener.progress(this.#last)
    if (this.listeners.size === 1) void this.#poll()
  }

  remove(listener: ProgressListener): void {
    if (!this.listeners.delete(listener) || this.listeners.size > 0) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#onIdle()
  }

  async #poll(): Promise<void> {
    const begun = performance.now()
    try {
      this.#tell(await getEvaluationRun({ db: this.#db }, { id: this.#runId }))
    } catch (error) {
      if (error instanceof ServiceError && error.kind === 'NOT_FOUND') this.#end(null)
      // Any other failure: the database is away, and the listeners stay until it is back.
    }
    if (this.listeners.size === 0) return
    const pauseMs = Math.max(POLL_MS, REST_FACTOR * (performance.now() - begun))
    this.#timer = setTimeout(() => void this.#poll(), pauseMs)
  }

  #tell(run: EvaluationRunSummary): void {
    const { timings: _changesByItself, ...shown } = run
    const text = JSON.stringify(shown)
    if (text !== this.#lastText) {
      this.#last = run
      this.#lastText = text
      for (const listener of this.listeners) listener.progress(run)
    }
    if (isOver(run)) this.#end(run)
  }

  #end(run: EvaluationRunSummary | null): void {
    for (const listener of [...this.listeners]) {
      this.remove(listener)
      listener.end(run)
    }
  }
}

const feeds = new WeakMap<Database, Map<string, RunFeed>>()

/** Tells the listener how the run stands, at once and whenever it changes, until it has ended. Returns the way out. */
export function followRun(db: Database, runId: string, listener: ProgressListener): () => void {
  const byRun = feeds.get(db) ?? new Map<string, RunFeed>()
  feeds.set(db, byRun)
  const feed = byRun.get(runId) ?? new RunFeed(db, runId, () => byRun.delete(runId))
  byRun.set(runId, feed)
  feed.add(listener)
  return () => feed.remove(listener)
}
