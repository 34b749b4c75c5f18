import { clientLeft } from '#lib/platform/client-left.ts'
import { ServiceError } from '#lib/platform/errors.ts'

export type QueueLimits = {
  /** Works at the same time. */
  atOnce: number
  /** Calls that wait for their turn; the next one is refused. */
  waiting: number
  /** Of those, the calls of one caller: the others keep places of their own. */
  waitingPerCaller: number
  /** What a refused call is told: roughly the time in which a full queue empties. */
  retryAfterSeconds: number
}

export type Caller = {
  /** Aborts when the client leaves: its call gives up its place. */
  signal?: AbortSignal | undefined
  /** Who asks, such as a client address; null where it is unknown, and then only `waiting` holds. */
  name?: string | null | undefined
}

type Waiting = { name: string | null; start: () => void }

/** Costly work, little of it at once, with a short queue before it: a crowd is refused at once and told when to come back. */
export class ShortQueue {
  readonly #limits: QueueLimits
  readonly #waiting: Waiting[] = []
  #running = 0

  constructor(limits: QueueLimits) {
    this.#limits = limits
  }

  /** Does the work when it is its turn; throws UNAVAILABLE or TOO_MANY_REQUESTS where no place is left. */
  async run<T>(work: () => Promise<T>, caller: Caller = {}): Promise<T> {
    if (caller.signal?.aborted) throw clientLeft()
    if (this.#running < this.#limits.atOnce) this.#running += 1
    else await this.#turn(caller)
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#running -= 1
      else next.start() // takes over the place, so that no newcomer overtakes it
    }
  }

  #turn({ signal, name = null }: Caller): Promise<void> {
    this.#requirePlace(name)
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1)
        reject(clientLeft())
      }
      const entry: Waiting = {
        name,
        start: () => {
          signal?.removeEventListener('abort', leave)
          resolve()
        },
      }
      signal?.addEventListener('abort', leave, { once: true })
      this.#waiting.push(entry)
    })
  }

  #requirePlace(name: string | null): void {
    const { waiting, waitingPerCaller, retryAfterSeconds } = this.#limits
    const details = { retryAfterSeconds }
    if (this.#waiting.length >= waiting)
      throw new ServiceError('UNAVAILABLE', 'Too many calls of this kind wait already: try again soon.', {
        code: 'BUSY',
        details,
      })
    const own = this.#waiting.filter((entry) => name !== null && entry.name === name).length
    if (own >= waitingPerCaller)
      throw new ServiceError('TOO_MANY_REQUESTS', 'Too many of your calls wait already: try again soon.', {
        code: 'BUSY',
        details,
      })
  }
}
