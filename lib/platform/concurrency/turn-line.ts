import type { Queue, QueueAddOptions, RunFunction } from 'p-queue'

/** One who asks for turns. */
export type Caller = {
  /** Turns at work at the same time, at most. */
  readonly places: number
  working: number
  waiting: number
}

export type TurnOptions = QueueAddOptions & { caller: Caller }

type Turn = { id: string; priority: number; caller: Caller; run: RunFunction }

/**
 * The order of turns in a `p-queue`, which knows priorities and no callers. The turns of a caller who has all places
 * that a caller may have are passed over. When a turn begins, the caller's others go behind those of all other callers:
 * a caller who asks for much waits for themselves, and the others wait for one of their turns at most.
 */
export class TurnLine implements Queue<RunFunction, TurnOptions> {
  #turns: Turn[] = []

  /** Of the turns that may begin: the others are not there yet for the library. */
  get size(): number {
    return this.#turns.filter(mayBegin).length
  }

  enqueue(run: RunFunction, options?: Partial<TurnOptions>): void {
    const { id, caller, priority = 0 } = options ?? {}
    if (id === undefined || caller === undefined) throw new Error('A turn has an id and a caller.')
    this.#turns.push({ id, caller, priority, run })
  }

  dequeue(): RunFunction | undefined {
    const ready = this.#turns.filter(mayBegin)
    const highest = Math.max(...ready.map(({ priority }) => priority))
    const next = ready.find(({ priority }) => priority === highest)
    if (next === undefined) return undefined
    this.remove(next.id)
    const { own = [], others = [] } = Object.groupBy(this.#turns, ({ caller }) =>
      caller === next.caller ? 'own' : 'others',
    )
    this.#turns = [...others, ...own]
    return next.run
  }

  remove(id: string): void {
    this.#turns = this.#turns.filter((turn) => turn.id !== id)
  }

  filter({ priority }: Readonly<Partial<TurnOptions>>): RunFunction[] {
    return this.#turns.filter((turn) => turn.priority === priority).map(({ run }) => run)
  }

  setPriority(id: string, priority: number): void {
    for (const turn of this.#turns) if (turn.id === id) turn.priority = priority
  }
}

function mayBegin({ caller }: Turn): boolean {
  return caller.working < caller.places
}
