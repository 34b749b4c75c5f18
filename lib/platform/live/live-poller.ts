import type { LiveFeed } from './live-feed.ts'

const POLL_MS = 1000
/** Looking may take a tenth of the database's time, not more: counting a million rows takes a second. */
const REST_FACTOR = 10

/** Looks at the feeds of a process in turn, for as long as a client listens to one of them. */
export class LivePoller {
  readonly #feeds: readonly LiveFeed[]
  readonly #pollMs: number
  readonly #restFactor: number
  readonly #due = new Set<LiveFeed>()
  #isLooking = false
  #timer: NodeJS.Timeout | null = null

  constructor(feeds: readonly LiveFeed[], options: { pollMs?: number; restFactor?: number } = {}) {
    this.#feeds = feeds
    this.#pollMs = options.pollMs ?? POLL_MS
    this.#restFactor = options.restFactor ?? REST_FACTOR
    for (const feed of feeds) feed.onWake((woken) => this.#lookAt([woken]))
  }

  #lookAt(feeds: readonly LiveFeed[]): void {
    for (const feed of feeds) this.#due.add(feed)
    if (!this.#isLooking) void this.#lookInTurn()
  }

  async #lookInTurn(): Promise<void> {
    this.#isLooking = true
    let databaseMs = 0
    for (const feed of this.#due) {
      this.#due.delete(feed) // one that is woken meanwhile has another turn
      try {
        databaseMs += (await feed.look()).databaseMs
      } catch {
        // The database is away: time spent waiting for it is no load on it, and its return must be told soon.
      }
    }
    this.#isLooking = false
    // A look for one more client does not put off what the others wait for.
    this.#timer ??= setTimeout(() => this.#tick(), Math.max(this.#pollMs, this.#restFactor * databaseMs))
  }

  #tick(): void {
    this.#timer = null
    const heard = this.#feeds.filter(({ isHeard }) => isHeard)
    if (heard.length > 0) this.#lookAt(heard)
  }
}
