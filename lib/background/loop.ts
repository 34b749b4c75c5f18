import { setTimeout as sleep } from 'node:timers/promises'

export type Loop = { name: string; stop: () => Promise<void> }

/**
 * Calls `step` until stopped: again at once while it says that it did something, after `idleMs` otherwise, and with
 * growing pauses (at most 30 s) while it throws. `step` gets a signal that aborts when the loop is stopped.
 */
export function startLoop(options: {
  name: string
  idleMs: number
  step: (signal: AbortSignal) => Promise<boolean>
  onError: (error: unknown) => void
}): Loop {
  const controller = new AbortController()
  const { signal } = controller
  const run = async () => {
    let failures = 0
    while (!signal.aborted) {
      let busy = false
      try {
        busy = await options.step(signal)
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        failures += 1
        options.onError(error)
      }
      const pauseMs =
        failures > 0 ? Math.min(30_000, 500 * 2 ** Math.min(failures, 6)) : busy ? 0 : options.idleMs
      if (pauseMs > 0) await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }
  const ended = run()
  return {
    name: options.name,
    stop: () => {
      controller.abort()
      return ended
    },
  }
}
