import { ServiceError } from '#lib/platform/errors.ts'

type Limits = { places: number; waiting: number; waitingPerCaller: number }
type Waiting = { caller: string; start: () => void }

/** A full queue empties within some of these. */
const RETRY_AFTER_SECONDS = 5
/** One's own earlier request is often done by then. */
const RETRY_OWN_AFTER_SECONDS = 2

/**
 * Places for expensive work, a few at a time, and a short queue before them. A caller has at most one place and some
 * turns in the queue. When one of these begins, the caller's others go behind those of all other callers: a caller who
 * asks for much waits for themselves, and the others wait for one of their turns at most.
 */
export class FairQueue {
  readonly #limits: Limits
  readonly #working = new Set<string>()
  #waiting: Waiting[] = []

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** Turns that wait for a place. */
  get length(): number {
    return this.#waiting.length
  }

  /** Does the work in the caller's turn. The place is free again when the work has settled, not when the signal aborts. */
  async run<T>(caller: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const leave = await this.enter(caller, signal)
    try {
      return await work()
    } finally {
      leave()
    }
  }

  /** Waits for a place and returns what gives it back, which may be called again. Waiting ends with the signal. */
  async enter(caller: string, signal: AbortSignal | undefined): Promise<() => void> {
    signal?.throwIfAborted()
    if (!this.#takePlace(caller)) await this.#wait(caller, signal)
    let isHeld = true
    return () => {
      if (isHeld) this.#free(caller)
      isHeld = false
    }
  }

  #takePlace(caller: string): boolean {
    if (this.#working.size >= this.#limits.places || this.#working.has(caller)) return false
    this.#working.add(caller)
    return true
  }

  #wait(caller: string, signal: AbortSignal | undefined): Promise<void> {
    const own = this.#waiting.filter((waiting) => waiting.caller === caller)
    if (own.length >= this.#limits.waitingPerCaller)
      throw new ServiceError(
        'TOO_MANY_REQUESTS',
        `${own.length + 1} of your requests like this are under way or waiting: ask again when one has been answered.`,
        { code: 'TOO_MANY_READS', details: { retryAfterSeconds: RETRY_OWN_AFTER_SECONDS } },
      )
    if (this.#waiting.length >= this.#limits.waiting)
      throw new ServiceError(
        'UNAVAILABLE',
        'Too many expensive requests are waiting: try again in a few seconds.',
        { code: 'BUSY', details: { retryAfterSeconds: RETRY_AFTER_SECONDS } },
      )
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting = this.#waiting.filter((waiting) => waiting !== mine)
        reject(signal?.reason)
      }
      const start = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const mine: Waiting = { caller, start }
      this.#waiting.push(mine)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  #free(caller: string): void {
    this.#working.delete(caller)
    const next = this.#waiting.find((waiting) => this.#takePlace(waiting.caller))
    if (next === undefined) return
    const others = this.#waiting.filter((waiting) => waiting.caller !== next.caller)
    const own = this.#waiting.filter((waiting) => waiting.caller === next.caller && waiting !== next)
    this.#waiting = [...others, ...own]
    next.start()
  }
}
