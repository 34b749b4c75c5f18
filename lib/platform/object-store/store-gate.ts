import { BoundedQueue } from '#lib/platform/concurrency/bounded-queue.ts'
import { ServiceError } from '#lib/platform/errors.ts'

/** The code of the error of a store that hung: it may be back at any moment, and no object is to blame. */
export const STORE_AWAY = 'STORE_AWAY'

/** A call that brings nothing for this long hangs. The slowest disks and servers wake up within it. */
export const HANG_SECONDS = 10
/** A store that hung is left alone for this long; then one call may try. */
const REST_SECONDS = 5

/** Looks (list, find) and reads have places of their own, so that files that hang do not keep a look waiting. */
export type Lane = 'look' | 'read'
export type Places = Readonly<Record<Lane, number>>

export type GateOptions = {
  /** Starts a sentence, such as `The folder /data`. */
  name: string
  places: Places
  /** Told once when a call hangs. */
  onHang?: (error: ServiceError) => void
  hangSeconds?: number
  restSeconds?: number
}

export type GateCall = {
  /** Aborts when the call is given up. */
  signal: AbortSignal
  /** To be told of every piece that arrives: the call does not hang yet. */
  progress: () => void
}

/**
 * Keeps a store that hangs from holding its callers. Few calls are under way at once; one that brings nothing for too
 * long is given up without waiting for its end. From then on every call is refused at once, until one call that may
 * try has been answered.
 */
export class StoreGate {
  readonly #options: GateOptions
  readonly #hangSeconds: number
  readonly #restMs: number
  readonly #lanes: Readonly<Record<Lane, BoundedQueue>>
  /** Aborts when a call hangs: from then on no call waits for its turn. */
  #refused = new AbortController()
  #away: { error: ServiceError; until: number } | null = null

  constructor(options: GateOptions) {
    this.#options = options
    this.#hangSeconds = options.hangSeconds ?? HANG_SECONDS
    this.#restMs = (options.restSeconds ?? REST_SECONDS) * 1000
    const { look, read } = options.places
    this.#lanes = { look: new BoundedQueue({ places: look }), read: new BoundedQueue({ places: read }) }
  }

  /** Throws at once while the store is away. The call after its rest may try; the others stay refused meanwhile. */
  pass(): void {
    if (this.#away === null) return
    if (performance.now() < this.#away.until) throw this.#away.error
    this.#away.until = performance.now() + this.#hangSeconds * 1000 + this.#restMs
  }

  /** Runs a call that has passed. `hangSeconds` where it may bring nothing for longer than others. */
  async run<T>(
    lane: Lane,
    work: (call: GateCall) => Promise<T>,
    hangSeconds = this.#hangSeconds,
  ): Promise<T> {
    return await this.#lanes[lane].run(() => this.#watch(work, hangSeconds), { signal: this.#refused.signal })
  }

  async #watch<T>(work: (call: GateCall) => Promise<T>, hangSeconds: number): Promise<T> {
    const given = new AbortController()
    const { promise: hung, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      const error = this.#close(hangSeconds)
      reject(error)
      given.abort(error)
    }, hangSeconds * 1000)
    const progress = () => {
      if (given.signal.aborted) return
      timer.refresh()
      this.#away = null
    }
    try {
      const value = await Promise.race([work({ signal: given.signal, progress }), hung])
      progress()
      return value
    } catch (error) {
      if (!isStoreAway(error)) progress() // the store has said something
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  #close(hangSeconds: number): ServiceError {
    const error = new ServiceError(
      'UNAVAILABLE',
      `${this.#options.name} did not answer within ${hangSeconds} s: see to its disk, share or server. The service asks again by itself.`,
      { code: STORE_AWAY },
    )
    this.#away = { error, until: performance.now() + this.#restMs }
    this.#refused.abort(error)
    this.#refused = new AbortController()
    this.#options.onHang?.(error)
    return error
  }
}

export function isStoreAway(error: unknown): boolean {
  return error instanceof ServiceError && error.code === STORE_AWAY
}
