import PQueue from 'p-queue'
import type { ServiceError } from '#lib/platform/errors.ts'
import { type Caller, TurnLine, type TurnOptions } from './turn-line.ts'

export type QueueOptions = {
  /** Works at the same time, and how many of them may be of one caller. */
  places: number
  placesPerCaller?: number
  /** Turns that wait for a place, and how many of them may be of one caller; the next one is refused. */
  waiting?: number
  waitingPerCaller?: number
  /** What one is told who finds no place to wait. */
  refuseFull?: () => ServiceError
  /** What a caller is told who has `count` turns at work or waiting. */
  refuseOwn?: (count: number) => ServiceError
  /** What a call ends with whose signal aborts while it waits; by default the signal's reason. */
  leave?: () => Error
}

export type Turn = {
  /** Who asks; null where that is unknown, and then only the limits of all hold. */
  caller?: string | null | undefined
  /** Ends the waiting at once. What has begun is for the work itself to end. */
  signal?: AbortSignal | undefined
  /** Goes before all that are not: a person is looking at the screen. */
  urgent?: boolean | undefined
}

/**
 * Costly work, little of it at once, with a short line before it, in which callers take turns (`TurnLine`). A crowd is
 * refused at once. A place is free again when its work has settled, and not before.
 */
export class BoundedQueue {
  readonly #options: QueueOptions
  readonly #queue: PQueue<TurnLine, TurnOptions>
  readonly #callers = new Map<string, Caller>()
  #length = 0

  constructor(options: QueueOptions) {
    this.#options = options
    this.#queue = new PQueue({ concurrency: options.places, queueClass: TurnLine })
  }

  /** Turns that wait for a place. */
  get length(): number {
    return this.#length
  }

  /** Does the work when it is its turn; throws a refusal where there is no place to wait. */
  async run<T>(
    work: () => Promise<T>,
    { caller: name = null, signal, urgent = false }: Turn = {},
  ): Promise<T> {
    const leave = () => this.#options.leave?.() ?? (signal?.reason as Error)
    if (signal?.aborted) throw leave()
    const caller = this.#callerOf(name)
    this.#requirePlace(caller)
    // The library frees a place when the signal of its work aborts; it gets one that can do so only before that.
    const waiting = new AbortController()
    const giveUp = () => {
      stopWaiting()
      waiting.abort(leave())
    }
    const stopWaiting = () => {
      signal?.removeEventListener('abort', giveUp)
      this.#count(name, caller, { waiting: -1 })
    }
    signal?.addEventListener('abort', giveUp, { once: true })
    this.#count(name, caller, { waiting: 1 })
    const begin = async () => {
      this.#count(name, caller, { working: 1 })
      stopWaiting()
      try {
        return await work()
      } finally {
        this.#count(name, caller, { working: -1 })
      }
    }
    return await this.#queue.add(begin, { caller, signal: waiting.signal, priority: urgent ? 1 : 0 })
  }

  /** Waits for a place and returns what gives it back, which may be called again. */
  async enter(turn: Turn = {}): Promise<() => void> {
    const entered = Promise.withResolvers<() => void>()
    const held = Promise.withResolvers<void>()
    this.run(() => {
      entered.resolve(held.resolve)
      return held.promise
    }, turn).catch(entered.reject)
    return await entered.promise
  }

  #callerOf(name: string | null): Caller {
    const known = name === null ? undefined : this.#callers.get(name)
    return known ?? { places: this.#options.placesPerCaller ?? this.#options.places, working: 0, waiting: 0 }
  }

  #requirePlace(caller: Caller): void {
    const { places, waiting = Infinity, waitingPerCaller = Infinity, refuseFull, refuseOwn } = this.#options
    if (this.#queue.pending < places && caller.working < caller.places) return
    if (caller.waiting >= waitingPerCaller && refuseOwn) throw refuseOwn(caller.working + caller.waiting)
    if (this.#length >= waiting && refuseFull) throw refuseFull()
  }

  #count(name: string | null, caller: Caller, change: { working?: number; waiting?: number }): void {
    const { working = 0, waiting = 0 } = change
    caller.working += working
    caller.waiting += waiting
    this.#length += waiting
    if (name === null) return
    if (caller.working + caller.waiting === 0) this.#callers.delete(name)
    else this.#callers.set(name, caller)
  }
}
