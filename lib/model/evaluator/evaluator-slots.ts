type Waiter = { exclusive: boolean; enter: () => void }

/**
 * Keeps suspects apart: requests share an evaluator, but one that may kill it has it alone. Shared by all runs
 * of the process, first come first served.
 */
export class EvaluatorSlots {
  readonly #slots = new Map<string, { sharedCount: number; exclusive: boolean; waiting: Waiter[] }>()

  /** Resolves with the function that gives the slot back; rejects when the signal aborts first. */
  enter(url: string, options: { exclusive: boolean; signal: AbortSignal }): Promise<() => void> {
    const { exclusive, signal } = options
    return new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const slot = this.#slotOf(url)
      const waiter: Waiter = {
        exclusive,
        enter: () => {
          signal.removeEventListener('abort', abandon)
          if (exclusive) slot.exclusive = true
          else slot.sharedCount += 1
          resolve(() => {
            if (exclusive) slot.exclusive = false
            else slot.sharedCount -= 1
            this.#admit(url)
          })
        },
      }
      const abandon = () => {
        slot.waiting = slot.waiting.filter((other) => other !== waiter)
        reject(signal.reason)
        this.#admit(url)
      }
      signal.addEventListener('abort', abandon, { once: true })
      slot.waiting.push(waiter)
      this.#admit(url)
    })
  }

  #slotOf(url: string) {
    const slot = this.#slots.get(url) ?? { sharedCount: 0, exclusive: false, waiting: [] }
    this.#slots.set(url, slot)
    return slot
  }

  #admit(url: string): void {
    const slot = this.#slotOf(url)
    for (let next = slot.waiting[0]; next !== undefined; next = slot.waiting[0]) {
      if (slot.exclusive || (next.exclusive && slot.sharedCount > 0)) return
      slot.waiting.shift()
      next.enter()
    }
  }
}
