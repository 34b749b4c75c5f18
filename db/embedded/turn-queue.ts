/** The one backend behind all connections. */
export type Backend = {
  /** Rejects when the backend is in no state to go on. */
  execute: (bytes: Buffer, onAnswer: (answer: Buffer) => void) => Promise<void>
  isInTransaction: () => boolean
}

type Turn<Client> = {
  client: Client
  bytes: Buffer
  complete: boolean
  onAnswer: (answer: Buffer) => void
}

/**
 * Gives the connections turns on the one backend, first come first served. A connection inside a transaction, or in
 * the middle of a query, keeps the backend until it is through: nothing of another connection comes in between. Only a
 * turn's end says who has the next, so no library's queue fits.
 */
export class TurnQueue<Client> {
  readonly #backend: Backend
  readonly #onFailure: (error: unknown) => void
  readonly #onHold: (client: Client | null) => void
  #turns: Turn<Client>[] = []
  #holder: Client | null = null
  #serving = false

  constructor(
    backend: Backend,
    on: { failure: (error: unknown) => void; hold: (client: Client | null) => void },
  ) {
    this.#backend = backend
    this.#onFailure = on.failure
    this.#onHold = on.hold
  }

  get holder(): Client | null {
    return this.#holder
  }

  add(turn: Turn<Client>): void {
    this.#turns.push(turn)
    void this.#serve()
  }

  /** Forgets what a client still wanted; `cleanUp` runs first if it leaves in the middle of something. */
  leave(client: Client, cleanUp: Buffer): void {
    this.#turns = this.#turns.filter((turn) => turn.client !== client)
    if (this.#holder !== client) return
    this.#turns.unshift({ client, bytes: cleanUp, complete: true, onAnswer: () => {} })
    void this.#serve()
  }

  async #serve(): Promise<void> {
    if (this.#serving) return
    this.#serving = true
    try {
      for (let turn = this.#next(); turn !== undefined; turn = this.#next()) {
        this.#onHold(null)
        await this.#backend.execute(turn.bytes, turn.onAnswer)
        this.#holder = turn.complete && !this.#backend.isInTransaction() ? null : turn.client
        this.#onHold(this.#holder)
        // The backend never yields by itself: let sockets and signals in between two turns.
        await new Promise((resolve) => setImmediate(resolve))
      }
      this.#serving = false
    } catch (error) {
      this.#onFailure(error) // stays closed: a backend that threw is in no known state
    }
  }

  #next(): Turn<Client> | undefined {
    const at = this.#holder === null ? 0 : this.#turns.findIndex((turn) => turn.client === this.#holder)
    return at === -1 ? undefined : this.#turns.splice(at, 1)[0]
  }
}
