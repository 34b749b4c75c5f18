import { readSync, writeFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { endForMemory, isOutOfMemory } from './memory-limit.ts'
import {
  PAYLOAD_DESCRIPTOR,
  type TaskMessage,
  type WorkerArgument,
  type WorkerMessage,
} from './worker-messages.ts'

/** Handles one task; `enterStage` starts the clock of the next deadline and resolves once the parent will know. */
export type TaskHandler<Task, Reply> = (
  task: Task,
  /** Valid until the reply: the next task's bytes take its place. */
  payload: Uint8Array,
  enterStage: (stage: string) => Promise<void>,
) => Promise<Reply>

/** The settings that the pool was given for its children. */
export function readWorkerSettings<Settings>(): Settings {
  return workerArgument().settings as Settings
}

/** Turns this child process into a worker of a `ProcessPool`: one task at a time, until the parent goes away. */
export function serveTasks<Task, Reply>(handle: TaskHandler<Task, Reply>): void {
  watchProcess()
  offerToKernel()
  // A terminal's Ctrl-C reaches the whole process group; the parent decides when running tasks are over.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})
  process.on('disconnect', () => process.exit(0))
  process.on('message', async ({ task, payloadBytes }: TaskMessage<Task>) => {
    const payload = readPayload(payloadBytes)
    try {
      const value = await handle(task, payload, (stage) => tell({ type: 'stage', stage }))
      await tell({ type: 'done', value })
    } catch (error) {
      if (isOutOfMemory(error)) endForMemory()
      await tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
    }
    // Not before what the task held is out of reach.
    setImmediate(collectLargeGarbage)
  })
  void tell({ type: 'ready' })
}

/** Larger ones are rare, and their memory is given back. */
const KEPT_BYTES = 8 * 2 ** 20
let kept = Buffer.alloc(0)

/** Waits for the bytes, which the parent is sending. */
function readPayload(length: number): Uint8Array {
  if (kept.length < length && length <= KEPT_BYTES) kept = Buffer.allocUnsafeSlow(length)
  const bytes = length <= KEPT_BYTES ? kept.subarray(0, length) : Buffer.allocUnsafeSlow(length)
  for (let at = 0; at < length; ) {
    const count = readSync(PAYLOAD_DESCRIPTOR, bytes, at, length - at, null)
    if (count === 0) process.exit(0) // the parent has gone
    at += count
  }
  return bytes
}

function watchProcess(): void {
  new Worker(new URL('./watch-process.ts', import.meta.url), {
    workerData: { memoryLimitBytes: workerArgument().memoryLimitBytes, parentPid: process.ppid },
  }).unref()
}

/** Where the machine itself has no memory left, the kernel ends this process rather than one that has state to lose. */
export function offerToKernel(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000')
  } catch {
    // Only Linux knows of it, and some containers forbid it.
  }
}

/** Pixels and files lie outside the JavaScript heap, which a task of a gigabyte hardly fills: no collection comes by itself. */
const LARGE_GARBAGE_BYTES = 64 * 2 ** 20

function collectLargeGarbage(): void {
  if (process.memoryUsage().external > LARGE_GARBAGE_BYTES) globalThis.gc?.()
}

function workerArgument(): WorkerArgument {
  return JSON.parse(process.argv[2] ?? '') as WorkerArgument
}

function tell<Reply>(message: WorkerMessage<Reply>): Promise<void> {
  return new Promise((resolve) => {
    // Without a parent there is no process to tell, and 'disconnect' ends this process.
    if (process.send === undefined || !process.connected) return
    process.send(message, undefined, undefined, () => resolve())
  })
}
