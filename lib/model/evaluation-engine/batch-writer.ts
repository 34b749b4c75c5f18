import { setTimeout as sleep } from 'node:timers/promises'
import type { Batch, ErrorRow, PredictionRow } from './write-batch.ts'

/** Big enough that the transaction's cost does not show, small enough to hold no lock for long. */
const BATCH_ROWS = 100
/** Takers wait beyond it: a slow database slows the evaluator down instead of filling memory. */
const MAX_HELD_ROWS = 4 * BATCH_ROWS
/** A slow evaluator's answers are stored, and seen, at least this often. */
const FLUSH_MS = 1000
const RETRY_MS = [100, 300, 1000, 3000, 5000]

/**
 * Collects answers and stores them in batches, one at a time, in order. Waits out a database that is away, until the
 * signal aborts; what it holds then may still be flushed once.
 */
export class BatchWriter {
  readonly #store: (batch: Batch) => Promise<void>
  readonly #isPassing: (error: unknown) => boolean
  readonly #onFailure: (error: unknown) => void
  readonly #signal: AbortSignal
  #predictions: PredictionRow[] = []
  #errors: ErrorRow[] = []
  #timer: NodeJS.Timeout | null = null
  #work: Promise<void> = Promise.resolve()
  #failure: { error: unknown } | null = null

  constructor(options: {
    store: (batch: Batch) => Promise<void>
    /** True for failures that go away by themselves. */
    isPassing: (error: unknown) => boolean
    onFailure: (error: unknown) => void
    signal: AbortSignal
  }) {
    this.#store = options.store
    this.#isPassing = options.isPassing
    this.#onFailure = options.onFailure
    this.#signal = options.signal
  }

  async addPrediction(row: PredictionRow): Promise<void> {
    this.#predictions.push(row)
    await this.#added()
  }

  async addError(row: ErrorRow): Promise<void> {
    this.#errors.push(row)
    await this.#added()
  }

  /** Resolves when all that was added is stored. */
  async flush(): Promise<void> {
    this.#schedule()
    await this.#work
    if (this.#failure !== null) throw this.#failure.error
  }

  async #added(): Promise<void> {
    if (this.#failure !== null) throw this.#failure.error
    const held = this.#predictions.length + this.#errors.length
    if (held >= MAX_HELD_ROWS) await this.flush()
    else if (held >= BATCH_ROWS) this.#schedule()
    else this.#timer ??= setTimeout(() => this.#schedule(), FLUSH_MS)
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#work = this.#work.then(() => this.#drain())
  }

  async #drain(): Promise<void> {
    while (this.#failure === null && this.#predictions.length + this.#errors.length > 0) {
      const batch = {
        predictions: this.#predictions.splice(0, BATCH_ROWS),
        errors: this.#errors.splice(0, BATCH_ROWS),
      }
      try {
        await this.#storePatiently(batch)
      } catch (error) {
        this.#failure = { error }
        this.#onFailure(error)
      }
    }
  }

  /** Repeating is safe: a batch that was stored without our hearing of it stores nothing the second time. */
  async #storePatiently(batch: Batch): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#store(batch)
      } catch (error) {
        if (!this.#isPassing(error) || this.#signal.aborted) throw error
        await sleep(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)], undefined, { signal: this.#signal })
      }
    }
  }
}
