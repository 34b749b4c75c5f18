import { setTimeout as sleep } from 'node:timers/promises'
import { type Deadlines, PoolWorker, type WorkerOptions } from './pool-worker.ts'
import type { TaskOutcome } from './task-outcome.ts'

export type PoolOptions = WorkerOptions & {
  size: number
  /** Told of every child that ended, with the end of what it wrote to stderr. */
  onWorkerExit?: (event: { lifetimeSeconds: number; stderr: string }) => void
}

export type RunOptions = {
  deadlines: Deadlines
  /** Bytes that go with the task, such as an image; must not change before the outcome is there. */
  payload?: Uint8Array
  /** Aborting drops the task while it waits; one that runs is let finish. */
  signal?: AbortSignal
  /** Goes before everything that waits: a person is looking at the screen. */
  urgent?: boolean
  /** Runs in a child that has done nothing before: what earlier tasks left there cannot be the reason for its end. */
  inFreshChild?: boolean
}

type WaitingTask<Task, Reply> = {
  task: Task
  options: RunOptions
  settle: (outcome: TaskOutcome<Reply>) => void
}

/** A child that lives shorter than this fails at its start; its successor waits, so that the pool does not spin. */
const SHORT_LIFE_SECONDS = 5
const LONGEST_RESTART_PAUSE_SECONDS = 30
const NO_PAYLOAD = new Uint8Array()

/**
 * Child processes for work that may hang, crash or eat memory. A task runs alone in its child; a child that
 * misses a deadline is killed and replaced, which costs that task and no other.
 */
export class ProcessPool<Task, Reply> {
  private readonly options: PoolOptions
  private readonly workers = new Set<PoolWorker<Task, Reply>>()
  private readonly waiting: WaitingTask<Task, Reply>[] = []
  private readonly closing = new AbortController()
  private shortLives = 0
  private lastWorkerGone: (() => void) | undefined

  constructor(options: PoolOptions) {
    this.options = options
    for (let i = 0; i < options.size; i++) this.startWorker()
  }

  /** Never rejects: a crash, a deadline and a closed pool are outcomes. */
  run(task: Task, options: RunOptions): Promise<TaskOutcome<Reply>> {
    if (this.closing.signal.aborted || options.signal?.aborted) return Promise.resolve({ kind: 'cancelled' })
    return new Promise((resolve) => {
      const onAbort = () => this.drop(entry)
      const settle = (outcome: TaskOutcome<Reply>) => {
        options.signal?.removeEventListener('abort', onAbort)
        resolve(outcome)
      }
      const entry: WaitingTask<Task, Reply> = { task, options, settle }
      this.enqueue(entry)
      options.signal?.addEventListener('abort', onAbort)
      this.assign()
    })
  }

  counts(): { alive: number; busy: number; total: number } {
    const ready = [...this.workers].filter((worker) => worker.ready)
    return {
      alive: ready.length,
      busy: ready.filter((worker) => worker.busy).length,
      total: this.options.size,
    }
  }

  /** Kills the children; waiting tasks are cancelled, running ones end as crashed. */
  async close(): Promise<void> {
    this.closing.abort()
    for (const entry of [...this.waiting]) this.drop(entry)
    const gone = new Promise<void>((resolve) => {
      this.lastWorkerGone = resolve
    })
    for (const worker of this.workers) worker.kill()
    if (this.workers.size > 0) await gone
  }

  /** Behind its equals: of two people who wait, the first one is served first. */
  private enqueue(entry: WaitingTask<Task, Reply>): void {
    const ordinary = this.waiting.findIndex((other) => !other.options.urgent)
    const position = entry.options.urgent && ordinary !== -1 ? ordinary : this.waiting.length
    this.waiting.splice(position, 0, entry)
  }

  private startWorker(): void {
    const worker: PoolWorker<Task, Reply> = new PoolWorker(
      this.options,
      () => this.assign(),
      (stderr) => this.replace(worker, stderr),
    )
    this.workers.add(worker)
  }

  private async replace(worker: PoolWorker<Task, Reply>, stderr: string): Promise<void> {
    this.workers.delete(worker)
    if (this.closing.signal.aborted) {
      if (this.workers.size === 0) this.lastWorkerGone?.()
      return
    }
    const lifetimeSeconds = (performance.now() - worker.startedAt) / 1000
    this.options.onWorkerExit?.({ lifetimeSeconds, stderr })
    this.shortLives = lifetimeSeconds < SHORT_LIFE_SECONDS ? this.shortLives + 1 : 0
    // One early death may be a bad image right after the start: only a series slows the pool down.
    const pauseSeconds =
      this.shortLives <= this.options.size
        ? 0
        : Math.min(2 ** (this.shortLives - this.options.size - 1), LONGEST_RESTART_PAUSE_SECONDS)
    await sleep(pauseSeconds * 1000, undefined, { signal: this.closing.signal }).catch(() => {})
    if (!this.closing.signal.aborted) this.startWorker()
  }

  private assign(): void {
    for (const worker of this.workers) {
      if (!worker.ready || worker.busy) continue
      const next = this.takeFor(worker)
      if (next === undefined) continue
      worker.run(next.task, next.options.payload ?? NO_PAYLOAD, next.options.deadlines).then((outcome) => {
        next.settle(outcome)
        this.assign()
      })
    }
    this.makeFreshWorker()
  }

  private takeFor(worker: PoolWorker<Task, Reply>): WaitingTask<Task, Reply> | undefined {
    const wantsFresh = this.waiting.findIndex((entry) => entry.options.inFreshChild)
    const other = this.waiting.findIndex((entry) => !entry.options.inFreshChild)
    const position = worker.fresh && wantsFresh !== -1 ? wantsFresh : other
    return position === -1 ? undefined : this.waiting.splice(position, 1)[0]
  }

  /** Where a task waits for a fresh child and none is coming, an idle one makes room for it. */
  private makeFreshWorker(): void {
    if (!this.waiting.some((entry) => entry.options.inFreshChild)) return
    const workers = [...this.workers]
    const isComing = workers.length < this.options.size || workers.some(({ fresh, ready }) => fresh || !ready)
    if (isComing) return
    workers.find((worker) => worker.ready && !worker.busy)?.kill()
  }

  private drop(entry: WaitingTask<Task, Reply>): void {
    const position = this.waiting.indexOf(entry)
    if (position === -1) return
    this.waiting.splice(position, 1)
    entry.settle({ kind: 'cancelled' })
  }
}
