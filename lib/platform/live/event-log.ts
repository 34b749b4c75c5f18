import { randomUUID } from 'node:crypto'
import type { EventKind } from './event-kind.ts'
import type { StreamEvent } from './event-stream.ts'

/** What a client that was away for a moment can still be told in order. */
const KEPT_EVENTS = 500

/** An event that was told, and the object it tells of. */
export type ToldEvent = { objectId: string; event: StreamEvent & { data: object } }

type About = { kind: string; objectId: string }

/** What was told so far: the last state of each object that goes on changing, and the last events in order. */
export class EventLog {
  /** Ids of another process, or of an earlier life of this log, are not ours to go on after. */
  #life = ''
  #count = 0
  readonly #kept: (ToldEvent & { number: number })[] = []
  readonly #states = new Map<string, About & ToldEvent & { text: string }>()
  /** What was last told of an object that changes no more, so that it is not told twice. */
  readonly #settled = new Map<string, About & { text: string }>()

  /** Begins anew: nothing was watched meanwhile, and what was known may be long past. */
  restart(): void {
    this.#life = randomUUID().slice(0, 8)
    this.#count = 0
    this.#kept.length = 0
    this.#states.clear()
    this.#settled.clear()
  }

  /** The event to tell; null where the same was told before. `lasting`: the object goes on changing. */
  add<Data extends object>(
    kind: EventKind<string, Data>,
    data: Data,
    { lasting }: { lasting: boolean },
  ): ToldEvent | null {
    const objectId = kind.idOf(data)
    const key = `${kind.name} ${objectId}`
    const text = JSON.stringify(kind.compared?.(data) ?? data)
    if ((this.#states.get(key) ?? this.#settled.get(key))?.text === text) return null
    this.#count += 1
    const told = { objectId, event: { id: `${this.#life}-${this.#count}`, event: kind.name, data } }
    if (lasting) this.#states.set(key, { ...told, kind: kind.name, text })
    else this.#settle(key, { kind: kind.name, objectId, text })
    this.#kept.push({ ...told, number: this.#count })
    if (this.#kept.length > KEPT_EVENTS) this.#kept.shift()
    return told
  }

  /** What came after the event of this id; null where that is not known any more. */
  since(lastEventId: string | null): ToldEvent[] | null {
    const [life, number] = lastEventId?.split('-') ?? []
    const first = this.#kept[0]
    if (life !== this.#life || first === undefined || !(Number(number) >= first.number - 1)) return null
    return this.#kept.filter((kept) => kept.number > Number(number))
  }

  states(): ToldEvent[] {
    return [...this.#states.values()]
  }

  /** The last state of each object of this kind that goes on changing. */
  lasting<Data extends object>({ name }: EventKind<string, Data>): Data[] {
    return [...this.#states.values()].flatMap(({ kind, event }) =>
      kind === name ? [event.data as Data] : [],
    )
  }

  /** A client that comes later is told nothing of these objects before something is told of them again. */
  forget(isForgotten: (about: About) => boolean): void {
    for (const known of [this.#states, this.#settled])
      for (const [key, about] of known) if (isForgotten(about)) known.delete(key)
  }

  #settle(key: string, last: About & { text: string }): void {
    this.#states.delete(key)
    this.#settled.set(key, last)
    const [oldest] = this.#settled.keys()
    if (this.#settled.size > KEPT_EVENTS && oldest !== undefined) this.#settled.delete(oldest)
  }
}
