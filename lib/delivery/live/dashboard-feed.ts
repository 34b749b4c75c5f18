import { randomUUID } from 'node:crypto'
import type { Database } from '#db/client.ts'
import type { Health } from '#lib/delivery/health/check-dependencies.ts'
import type { StreamEvent } from '#lib/platform/live/event-stream.ts'
import { findRunNotices, findRunProgress, findSnapshotNotices } from './work-under-way.ts'

export type DependencyNotice = {
  name: keyof Health['dependencies']
  status: 'ok' | 'busy' | 'down'
  detail: string
}

export type FeedParts = {
  db: Database
  checkHealth: () => Promise<Health>
  pollMs?: number
  restFactor?: number
  healthMs?: number
  progressMs?: number
}

type Listener = (event: StreamEvent) => void

const POLL_MS = 1000
/** Looking may take a tenth of the database's time, not more: counting a million rows takes a second. */
const REST_FACTOR = 10
const HEALTH_MS = 5000
/** How far a run is changes with every batch; no page shows it more often. */
const PROGRESS_MS = 2000
/** Of two looks: what ended while the first was under way must not fall between them. */
const OVERLAP_SECONDS = 5
/** What a client that was away for a moment can still be told in order. */
const KEPT_EVENTS = 500

/**
 * Watches everything that the dashboard shows moving, for as long as a client listens: one look at the database for all
 * of them. Every event holds its object's whole state, so a listener who comes first, or too late, is told all states.
 */
export class DashboardFeed {
  readonly #parts: FeedParts
  /** Ids of another process, or of an earlier life of this feed, are not ours to go on after. */
  #life = ''
  #count = 0
  readonly #kept: { number: number; event: StreamEvent }[] = []
  readonly #listeners = new Set<Listener>()
  /** The last event of each object at work, and of each dependency, by `<event> <id>`. */
  readonly #states = new Map<string, { text: string; event: StreamEvent }>()
  #timer: NodeJS.Timeout | null = null
  #looking = false
  /** What was last told of an object that is no longer at work, so that it is not told twice. */
  readonly #settled = new Map<string, string>()
  #healthAt = Number.NEGATIVE_INFINITY
  #progressAt = Number.NEGATIVE_INFINITY
  #workAt = performance.now()

  constructor(parts: FeedParts) {
    this.#parts = parts
  }

  /** Tells the listener what it missed since the event, or all states, and every change from now on. */
  listen(listener: Listener, lastEventId: string | null): () => void {
    if (this.#listeners.size === 0) this.#forget()
    const missed = this.#missedSince(lastEventId)
    for (const event of missed ?? [...this.#states.values()].map((state) => state.event)) listener(event)
    this.#listeners.add(listener)
    if (this.#listeners.size === 1 && !this.#looking) void this.#look()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0 && this.#timer !== null) clearTimeout(this.#timer)
    }
  }

  /** No client looked meanwhile: what was known may be long past. */
  #forget(): void {
    this.#life = randomUUID().slice(0, 8)
    this.#count = 0
    this.#kept.length = 0
    this.#states.clear()
    this.#settled.clear()
    this.#workAt = performance.now()
    this.#healthAt = Number.NEGATIVE_INFINITY
    this.#progressAt = Number.NEGATIVE_INFINITY
  }

  #missedSince(lastEventId: string | null): StreamEvent[] | null {
    const [life, number] = lastEventId?.split('-') ?? []
    const first = this.#kept[0]
    if (life !== this.#life || first === undefined || !(Number(number) >= first.number - 1)) return null
    return this.#kept.filter((kept) => kept.number > Number(number)).map(({ event }) => event)
  }

  async #look(): Promise<void> {
    this.#looking = true
    const { pollMs = POLL_MS, restFactor = REST_FACTOR, healthMs = HEALTH_MS } = this.#parts
    let pauseMs = pollMs
    try {
      if (performance.now() - this.#healthAt >= healthMs) {
        this.#healthAt = performance.now()
        this.#tellHealth(await this.#parts.checkHealth())
      }
      const begun = performance.now()
      await this.#lookAtWork()
      pauseMs = Math.max(pollMs, restFactor * (performance.now() - begun))
    } catch {
      // The database is away: time spent waiting for it is no load on it, and its return must be told soon.
    }
    this.#looking = false
    if (this.#listeners.size === 0) return
    this.#timer = setTimeout(() => void this.#look(), pauseMs)
  }

  #tellHealth({ dependencies }: Health): void {
    for (const name of ['database', 'objectStore', 'evaluator'] as const) {
      const notice: DependencyNotice = { name, ...dependencies[name] }
      this.#tell('dependency', name, notice, true)
    }
  }

  async #lookAtWork(): Promise<void> {
    const { db } = this.#parts
    const known = { run: this.#idsOf('run'), snapshot: this.#idsOf('snapshot') }
    const begun = performance.now()
    const sinceSeconds = (begun - this.#workAt) / 1000 + OVERLAP_SECONDS
    const runs = await findRunNotices(db, known.run, sinceSeconds)
    for (const run of runs)
      this.#tell('run', run.id, run, run.status === 'queued' || run.status === 'running')
    await this.#tellProgress(runs.filter(({ status }) => status === 'running').map(({ id }) => id))
    for (const id of known.run.filter((id) => !runs.some((run) => run.id === id))) this.#tellDeleted(id)
    for (const snapshot of await findSnapshotNotices(db, known.snapshot, sinceSeconds))
      this.#tell('snapshot', snapshot.id, snapshot, snapshot.status === 'scanning')
    this.#workAt = begun
  }

  async #tellProgress(running: readonly string[]): Promise<void> {
    for (const id of this.#idsOf('run-progress'))
      if (!running.includes(id)) this.#states.delete(`run-progress ${id}`)
    const { db, progressMs = PROGRESS_MS } = this.#parts
    if (performance.now() - this.#progressAt < progressMs) return
    this.#progressAt = performance.now()
    for (const notice of await findRunProgress(db, running))
      this.#tell('run-progress', notice.id, notice, true)
  }

  #idsOf(event: string): string[] {
    const prefix = `${event} `
    return [...this.#states.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length))
  }

  #tellDeleted(id: string): void {
    const last = this.#states.get(`run ${id}`)?.event.data
    if (typeof last === 'object') this.#tell('run', id, { ...last, status: 'deleted', progress: null }, false)
  }

  /** `lasting`: it goes on changing; else this is the last that is told of it. */
  #tell(event: string, id: string, data: object, lasting: boolean): void {
    const key = `${event} ${id}`
    const text = JSON.stringify(data)
    if ((this.#states.get(key)?.text ?? this.#settled.get(key)) === text) return
    this.#count += 1
    const told = { id: `${this.#life}-${this.#count}`, event, data }
    if (lasting) this.#states.set(key, { text, event: told })
    else this.#settle(key, text)
    this.#kept.push({ number: this.#count, event: told })
    if (this.#kept.length > KEPT_EVENTS) this.#kept.shift()
    for (const listener of [...this.#listeners]) listener(told)
  }

  #settle(key: string, text: string): void {
    this.#states.delete(key)
    this.#settled.set(key, text)
    const [oldest] = this.#settled.keys()
    if (this.#settled.size > KEPT_EVENTS && oldest !== undefined) this.#settled.delete(oldest)
  }
}
