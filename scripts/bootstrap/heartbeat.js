/** How often a supervised process says that it lives. */
export const BEAT_MS = 1_000

/** The descriptor by which it says so: behind the three of every process and Node's own channel. */
export const HEARTBEAT_FD = 4

/** The arguments by which Node sends heartbeats to this process. */
export function heartbeatArguments(busySeconds) {
  const url = new URL('./send-heartbeat.js', import.meta.url)
  url.search = new URLSearchParams({
    supervisor: String(process.pid),
    busySeconds: String(busySeconds),
  }).toString()
  return ['--import', url.href]
}

/**
 * Calls back once a child has given no sign of life for so many seconds. Seconds of this process are counted, not the
 * clock: where the whole machine rested, nothing was missed.
 * @param {import('node:child_process').ChildProcess} child
 */
export function watchHeartbeat(child, silentSeconds, onSilence) {
  if (silentSeconds === 0) return
  let silent = 0
  const counting = setInterval(() => {
    silent += 1
    if (silent <= silentSeconds) return
    clearInterval(counting)
    onSilence()
  }, 1_000)
  const channel = child.stdio[HEARTBEAT_FD]
  channel?.on('data', () => {
    silent = 0
  })
  channel?.on('error', () => {})
  child.once('exit', () => clearInterval(counting))
  child.once('error', () => clearInterval(counting))
}
