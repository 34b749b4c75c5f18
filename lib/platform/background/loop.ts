export type Loop = { name: string; stop: () => Promise<void>; wake: () => void }

/**
 * Calls `step` until stopped: again at once while it says that it did something, after `idleMs` otherwise, and with
 * growing pauses (at most 30 s) while it throws. `step` gets a signal that aborts when the loop is stopped. `wake`
 * ends the idle pause, or spares the one that would follow the step under way; a step that threw is not hurried.
 */
export function startLoop(options: {
  name: string
  idleMs: number
  step: (signal: AbortSignal) => Promise<boolean>
  onError: (error: unknown) => void
}): Loop {
  const controller = new AbortController()
  const { signal } = controller
  let isWoken = false
  let isIdle = false
  let endPause = () => {}
  const pause = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const run = async () => {
    let failures = 0
    while (!signal.aborted) {
      isWoken = false
      let busy = false
      try {
        busy = await options.step(signal)
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        failures += 1
        options.onError(error)
      }
      if (signal.aborted) return
      isIdle = failures === 0 && !busy && !isWoken
      if (isIdle) await pause(options.idleMs)
      else if (failures > 0) await pause(Math.min(30_000, 500 * 2 ** Math.min(failures, 6)))
    }
  }
  const ended = run()
  return {
    name: options.name,
    wake: () => {
      isWoken = true
      if (isIdle) endPause()
    },
    stop: () => {
      controller.abort()
      endPause()
      return ended
    },
  }
}
