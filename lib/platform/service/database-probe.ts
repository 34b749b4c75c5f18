export type DatabaseState = { state: 'ok' } | { state: 'busy' } | { state: 'down'; error: unknown }

/**
 * Asks the database whether it takes writes, on a connection of its own and one question at a time. A database that is
 * late is busy as long as it answered the time before: the embedded one works on one statement at a time. It is down
 * when the question fails; that it fails in the end, its connection's patience sees to.
 */
export class DatabaseProbe {
  readonly #write: () => Promise<unknown>
  #pending: Promise<void> | null = null
  #fault: { error: unknown } | null = null

  constructor(write: () => Promise<unknown>) {
    this.#write = write
  }

  /** How it is, known after `withinMs` at the latest. */
  async ask(withinMs: number): Promise<DatabaseState> {
    const expired = Promise.withResolvers<'late'>()
    const timer = setTimeout(() => expired.resolve('late'), withinMs)
    const outcome = await Promise.race([this.#question(), expired.promise])
    clearTimeout(timer)
    if (this.#fault !== null) return { state: 'down', error: this.#fault.error }
    return outcome === 'late' ? { state: 'busy' } : { state: 'ok' }
  }

  /** The question under way: all who ask share it. */
  #question(): Promise<void> {
    this.#pending ??= this.#write()
      .then(
        () => {
          this.#fault = null
        },
        (error: unknown) => {
          this.#fault = { error }
        },
      )
      .finally(() => {
        this.#pending = null
      })
    return this.#pending
  }
}
