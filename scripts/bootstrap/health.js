import { setTimeout as delay } from 'node:timers/promises'

/** Waits until web answers 200 on its health address; `signal` ends the waiting. */
export async function waitUntilHealthy(url, signal) {
  for (;;) {
    signal.throwIfAborted()
    if (await isHealthy(url, signal)) return
    await delay(500, undefined, { signal })
  }
}

async function isHealthy(url, signal) {
  try {
    const response = await fetch(`${url}/api/health`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
    })
    await response.body?.cancel()
    return response.status === 200
  } catch {
    return false
  }
}
