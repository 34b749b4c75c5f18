import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Resolves when the child has exited; at once if it has already. */
export async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

/** Asks the child to end, and ends it by force when it does not. */
export async function endChild(
  child: ChildProcess,
  signal: NodeJS.Signals = 'SIGTERM',
  graceMs = 10_000,
): Promise<void> {
  child.kill(signal)
  const force = setTimeout(() => child.kill('SIGKILL'), graceMs)
  await exited(child)
  clearTimeout(force)
}
