import { EventLog, type ToldEvent } from './event-log.ts'
import type { StreamEvent } from './event-stream.ts'
import type { LiveSource, LiveView } from './live-source.ts'

/** Of two looks: what ended while the first was under way must not fall between them. */
const OVERLAP_SECONDS = 5

const NEVER = { begunAt: Number.NEGATIVE_INFINITY, doneAt: Number.NEGATIVE_INFINITY }

/** Looks at a feed soon: a client waits for what no look has seen yet. */
export type Wake = (feed: LiveFeed) => void

export type ListenOptions = {
  lastEventId?: string | null
  /** One object; all of them unless stated. */
  objectId?: string
}

type Listener = { send: (event: StreamEvent) => void; objectId: string | undefined }

/**
 * What its sources tell, for all clients of a process. Every event holds its object's whole state, so a client who comes
 * first, or too late, is told all states. Looked at by a `LivePoller`, and only while a client listens.
 */
export class LiveFeed {
  readonly #sources: readonly { source: LiveSource; times: { begunAt: number; doneAt: number } }[]
  readonly #log = new EventLog()
  readonly #listeners = new Set<Listener>()
  /** Aborts when the last listener leaves. */
  #heard = new AbortController()
  #wake: Wake = () => undefined

  constructor(sources: readonly LiveSource[]) {
    this.#sources = sources.map((source) => ({ source, times: { ...NEVER } }))
  }

  get isHeard(): boolean {
    return this.#listeners.size > 0
  }

  onWake(wake: Wake): void {
    this.#wake = wake
  }

  /** Tells the listener what it missed since its last event, or all states, and every change from now on. */
  listen(send: Listener['send'], { lastEventId = null, objectId }: ListenOptions = {}): () => void {
    if (!this.isHeard) this.#restart()
    const isNew = !this.isHeard || (objectId !== undefined && !this.#wanted().includes(objectId))
    const listener = { send, objectId }
    for (const told of this.#log.since(lastEventId) ?? this.#log.states()) tellListener(listener, told)
    this.#listeners.add(listener)
    if (isNew) this.#wake(this)
    return () => this.#leave(listener)
  }

  /** Lets each source look that is due. Says how long the database was at work for it. */
  async look(): Promise<{ databaseMs: number }> {
    let databaseMs = 0
    for (const { source, times } of this.#sources) {
      const begun = performance.now()
      if (!this.isHeard) break
      if (begun - times.begunAt < (source.everyMs ?? 0)) continue
      times.begunAt = begun
      await source.look(this.#view((begun - times.doneAt) / 1000 + OVERLAP_SECONDS))
      times.doneAt = begun
      if (source.asksDatabase) databaseMs += performance.now() - begun
    }
    return { databaseMs }
  }

  #restart(): void {
    this.#log.restart()
    this.#heard = new AbortController()
    for (const { times } of this.#sources) Object.assign(times, NEVER, { doneAt: performance.now() })
  }

  #leave(listener: Listener): void {
    if (!this.#listeners.delete(listener)) return
    if (!this.isHeard) this.#heard.abort()
    const wanted = this.#wanted()
    // A client that asks for it again is told how it stands then.
    this.#log.forget(({ objectId }) => objectId === listener.objectId && !wanted.includes(objectId))
  }

  #wanted(): string[] {
    const ids = [...this.#listeners].flatMap(({ objectId }) => (objectId === undefined ? [] : [objectId]))
    return [...new Set(ids)]
  }

  #view(sinceSeconds: number): LiveView {
    return {
      sinceSeconds,
      wanted: this.#wanted(),
      signal: this.#heard.signal,
      lasting: (kind) => this.#log.lasting(kind),
      tell: (kind, data, how) => {
        const told = this.#log.add(kind, data, how)
        if (told === null) return
        for (const listener of [...this.#listeners]) tellListener(listener, told)
      },
      keepOnly: (kind, ids) =>
        this.#log.forget((about) => about.kind === kind.name && !ids.includes(about.objectId)),
    }
  }
}

function tellListener({ send, objectId }: Listener, told: ToldEvent): void {
  if (objectId === undefined || objectId === told.objectId) send(told.event)
}
