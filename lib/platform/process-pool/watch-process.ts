import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { MEMORY_LIMIT_NOTICE } from './worker-messages.ts'

/**
 * Runs as a thread of a pool's child process, whose main thread may be blocked inside native code for ever. Ends
 * the process when it grows beyond its limit or when the parent has died.
 */
const { memoryLimitBytes, parentPid } = workerData as { memoryLimitBytes: number; parentPid: number }

/** A process can fill some 300 MB between two looks; a look takes microseconds. */
const WATCH_MILLISECONDS = 50

setInterval(() => {
  if (process.ppid !== parentPid) process.kill(process.pid, 'SIGKILL')
  if (process.memoryUsage.rss() <= memoryLimitBytes) return
  writeSync(2, `${MEMORY_LIMIT_NOTICE}\n`)
  process.kill(process.pid, 'SIGKILL')
}, WATCH_MILLISECONDS)
