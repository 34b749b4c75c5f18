import type { RunItem } from '#lib/model/evaluation-run/manifest.ts'
import { type Chunk, chunksOf } from './chunk.ts'

/**
 * Hands out the images that a run still lacks, chunk by chunk, to several takers at once. It walks the manifest in
 * pages, and again from its start until a walk finds nothing: the database alone knows what is left, so a
 * taker that vanishes loses nothing. At most one page and what was given back is in memory.
 */
export class WorkQueue {
  readonly #listMissing: (afterImageId: number) => Promise<RunItem[]>
  readonly #beforeWalk: () => Promise<void>
  readonly #chunkItems: number
  #waiting: Chunk[] = []
  #page: RunItem[] = []
  #afterImageId = 0
  #walkEnded = false
  #foundInWalk = false
  #inHandCount = 0
  #sendBytes = false
  #loading: Promise<void> | null = null
  #wake: (() => void)[] = []

  constructor(options: {
    listMissing: (afterImageId: number) => Promise<RunItem[]>
    /** Everything that was answered must be stored before the manifest is walked again. */
    beforeWalk: () => Promise<void>
    chunkItems: number
  }) {
    this.#listMissing = options.listMissing
    this.#beforeWalk = options.beforeWalk
    this.#chunkItems = options.chunkItems
  }

  /** The next chunk, or null when nothing is left and no request has a chunk in hand. Settle each one exactly once. */
  async take(signal: AbortSignal): Promise<Chunk | null> {
    for (;;) {
      signal.throwIfAborted()
      const chunk = this.#waiting.shift() ?? this.#nextFromPage()
      if (chunk !== undefined) {
        this.#inHandCount += 1
        return chunk
      }
      if (!this.#walkEnded) await this.#loadOnce()
      else if (this.#inHandCount > 0) await this.#changed(signal)
      else if (!this.#foundInWalk) return null
      else await this.#walkAgainOnce()
    }
  }

  /** The chunk is done with; what could not be answered comes back as other chunks. */
  settle(again: readonly Chunk[] = []): void {
    this.#inHandCount -= 1
    this.#waiting.push(...again)
    for (const wake of this.#wake.splice(0)) wake()
  }

  /** From here on every image's bytes travel in the request. */
  sendBytes(): void {
    this.#sendBytes = true
    this.#page = this.#page.map((item) => ({ ...item, sendBytes: true }))
  }

  #nextFromPage(): Chunk | undefined {
    const [chunk] = chunksOf(this.#page.slice(0, this.#chunkItems), this.#chunkItems)
    if (chunk !== undefined) this.#page = this.#page.slice(chunk.items.length)
    return chunk
  }

  #loadOnce(): Promise<void> {
    return this.#once(async () => {
      const page = await this.#listMissing(this.#afterImageId)
      const last = page.at(-1)
      if (last === undefined) {
        this.#walkEnded = true
        return
      }
      this.#afterImageId = last.imageId
      this.#foundInWalk = true
      this.#page = this.#sendBytes ? page.map((item) => ({ ...item, sendBytes: true })) : page
    })
  }

  #walkAgainOnce(): Promise<void> {
    return this.#once(async () => {
      await this.#beforeWalk()
      this.#afterImageId = 0
      this.#foundInWalk = false
      this.#walkEnded = false
    })
  }

  /** Several takers find the page empty together; one of them asks the database. */
  #once(work: () => Promise<void>): Promise<void> {
    this.#loading ??= work().finally(() => {
      this.#loading = null
    })
    return this.#loading
  }

  #changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake)
        resolve()
      }
      signal.addEventListener('abort', wake)
      this.#wake.push(wake)
    })
  }
}
