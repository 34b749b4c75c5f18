import { workerData } from 'node:worker_threads'
import { endForMemory } from './memory-limit.ts'

/**
 * Runs as a thread of a pool's child process, whose main thread may be blocked inside native code for ever. Ends
 * the process when it grows beyond its limit or when the parent has died.
 *
 * The limit counts resident memory. Reserved addresses cost nothing, and every runtime reserves more than it uses.
 */
const { memoryLimitBytes, parentPid } = workerData as { memoryLimitBytes: number; parentPid: number }

/**
 * A task runs on one thread, which fills at most some 10 GB a second: 200 MB between two looks. A look takes 20
 * microseconds. Where the machine is full before the next look, its kernel ends this process first: see `offerToKernel`.
 */
const WATCH_MILLISECONDS = 20

setInterval(() => {
  if (process.ppid !== parentPid) process.kill(process.pid, 'SIGKILL')
  if (process.memoryUsage.rss() > memoryLimitBytes) endForMemory()
}, WATCH_MILLISECONDS)
