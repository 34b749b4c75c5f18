import { type ChildProcess, fork } from 'node:child_process'
import type { Writable } from 'node:stream'
import { MEMORY_LIMIT_NOTICE } from './memory-limit.ts'
import type { TaskOutcome } from './task-outcome.ts'
import {
  PAYLOAD_DESCRIPTOR,
  type TaskMessage,
  type WorkerArgument,
  type WorkerMessage,
} from './worker-messages.ts'

export type WorkerOptions = {
  /** Absolute path of the child's script, a TypeScript file that calls `serveTasks`. */
  script: string
  /** Whatever the script needs to know; visible in the process list, so no secrets. */
  settings: unknown
  /** Resident bytes beyond which a child is killed. */
  memoryLimitBytes: number
  /** The child's whole environment: it handles hostile bytes and inherits no credentials. */
  environment: Record<string, string>
  /** In which a child must say that it is ready; by default far longer than the busiest machine takes. */
  startSeconds?: number
}

export type Deadlines = { firstStage: string; seconds: Record<string, number> }

const START_SECONDS = 120

const STDERR_TAIL_CHARACTERS = 4000
const OUT_OF_MEMORY = new RegExp(`${MEMORY_LIMIT_NOTICE}|heap out of memory|bad_alloc`)

type RunningTask<Reply> = {
  stage: string
  passedStages: Set<string>
  deadlines: Deadlines
  timer: NodeJS.Timeout | undefined
  timedOut: boolean
  settle: (outcome: TaskOutcome<Reply>) => void
}

/** One child process and the task that it runs. */
export class PoolWorker<Task, Reply> {
  readonly startedAt = performance.now()
  ready = false
  /** Whether it has not been given a task yet. */
  fresh = true
  private readonly child: ChildProcess
  /** Missing where the process could not be made. */
  private readonly payloads: Writable | undefined
  private running: RunningTask<Reply> | undefined
  private stderr = ''

  constructor(options: WorkerOptions, onReady: () => void, onExit: (stderr: string) => void) {
    const argument: WorkerArgument = {
      memoryLimitBytes: options.memoryLimitBytes,
      settings: options.settings,
    }
    this.child = fork(options.script, [JSON.stringify(argument)], {
      serialization: 'advanced',
      // Half of the memory is enough for JavaScript; pixels and tensors live outside its heap.
      execArgv: ['--expose-gc', `--max-old-space-size=${Math.ceil(options.memoryLimitBytes / 2 / 2 ** 20)}`],
      env: options.environment as NodeJS.ProcessEnv,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
    })
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-STDERR_TAIL_CHARACTERS)
    })
    // Without a descriptor left there is no process and no pipe, whatever the types say: such a child only closes.
    const pipes: readonly unknown[] | undefined = this.child.stdio
    this.payloads = pipes?.[PAYLOAD_DESCRIPTOR] as Writable | undefined
    this.payloads?.on('error', () => this.kill())
    const startSeconds = options.startSeconds ?? START_SECONDS
    const late = setTimeout(() => {
      this.stderr += `worker: not ready within ${startSeconds} s`
      this.kill()
    }, startSeconds * 1000)
    this.child.on('message', (message) => {
      const said = message as WorkerMessage<Reply>
      if (said.type === 'ready') {
        clearTimeout(late)
        this.ready = true
        onReady()
      } else this.onTaskMessage(said)
    })
    // A child that cannot start or be written to also closes, and that is where it is dealt with.
    this.child.on('error', (error) => {
      this.stderr += error.message
    })
    this.child.on('close', (code, signal) => {
      clearTimeout(late)
      this.ready = false
      this.settleLost(`exit code ${code}, signal ${signal}`)
      onExit(this.stderr)
    })
  }

  get busy(): boolean {
    return this.running !== undefined
  }

  run(task: Task, payload: Uint8Array, deadlines: Deadlines): Promise<TaskOutcome<Reply>> {
    this.fresh = false
    return new Promise((resolve) => {
      this.running = {
        stage: '',
        passedStages: new Set(),
        deadlines,
        timer: undefined,
        timedOut: false,
        settle: resolve,
      }
      this.enterStage(deadlines.firstStage)
      const message: TaskMessage<Task> = { task, payloadBytes: payload.byteLength }
      this.child.send(message, (error) => {
        if (error) this.kill()
      })
      if (payload.byteLength > 0) this.payloads?.write(payload)
    })
  }

  /** The child's successor is fresh. */
  kill(): void {
    this.ready = false
    this.child.kill('SIGKILL')
  }

  private onTaskMessage(message: Exclude<WorkerMessage<Reply>, { type: 'ready' }>): void {
    // The answer of a child that has been told to die is too late.
    if (this.running === undefined || this.running.timedOut) return
    if (message.type === 'stage') this.enterNextStage(message.stage)
    else if (message.type === 'done') this.settle({ kind: 'done', value: message.value })
    else this.settle({ kind: 'failed', message: message.message })
  }

  /** Each stage has a deadline and comes once: a child that was taken over cannot give itself time. */
  private enterNextStage(stage: string): void {
    const task = this.running
    if (task === undefined) return
    const isNew = stage !== task.stage && !task.passedStages.has(stage)
    if (isNew && task.deadlines.seconds[stage] !== undefined) {
      task.passedStages.add(task.stage)
      this.enterStage(stage)
    } else this.kill()
  }

  private enterStage(stage: string): void {
    const task = this.running
    if (task === undefined) return
    clearTimeout(task.timer)
    task.stage = stage
    const seconds = task.deadlines.seconds[stage]
    if (seconds === undefined) return
    task.timer = setTimeout(() => {
      task.timedOut = true
      this.kill()
    }, seconds * 1000)
  }

  private settleLost(detail: string): void {
    const task = this.running
    if (task === undefined) return
    const { stage } = task
    if (task.timedOut) this.settle({ kind: 'timeout', stage })
    else if (OUT_OF_MEMORY.test(this.stderr)) this.settle({ kind: 'memory', stage })
    else this.settle({ kind: 'crash', stage, detail })
  }

  private settle(outcome: TaskOutcome<Reply>): void {
    const task = this.running
    this.running = undefined
    clearTimeout(task?.timer)
    task?.settle(outcome)
  }
}
