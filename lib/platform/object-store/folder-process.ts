import { type ChildProcess, fork } from 'node:child_process'
import { ServiceError } from '#lib/platform/errors.ts'
import type { FolderCall, FolderCallName, FolderCalls, FolderMessage, FolderRequest } from './folder-calls.ts'
import type { FolderStoreOptions } from './folder-store.ts'
import type { StoredObject } from './object-store.ts'
import { type Lane, STORE_AWAY, StoreGate } from './store-gate.ts'

/** As many as the child has threads for. */
const PLACES = { look: 4, read: 8 }
const THREADS = PLACES.look + PLACES.read
/** Children that hung and have not ended yet: the kernel may hold them until the file system answers. */
const MAX_LOST = 3
const START_SECONDS = 60
/** A reviewer who looks at a gallery asks again within it; starting a child takes 0.1 s and more. */
const IDLE_SECONDS = 30

const LANES: Readonly<Record<FolderCallName, Lane>> = {
  resolve: 'look',
  find: 'look',
  list: 'look',
  endList: 'look',
  check: 'look',
  get: 'read',
  getRange: 'read',
  digest: 'read',
}

type Pending = {
  progress: () => void
  resolve: (value: FolderCalls[FolderCallName]['value']) => void
  reject: (error: Error) => void
}
export type FolderTarget = { folder: string; options: FolderStoreOptions }

type Child = { process: ChildProcess; ready: Promise<void>; pending: Map<number, Pending> }

export type FolderProcessOptions = {
  folder: string
  script: string
  hangSeconds?: number
  restSeconds?: number
}

/**
 * One folder behind a child process of its own. A child in which a call hangs is killed and given up; nothing waits
 * for its end, which may not come before the file system answers.
 */
export class FolderProcess {
  readonly #options: FolderProcessOptions
  readonly #gate: StoreGate
  #child: Child | null = null
  #lost = 0
  #nextId = 1
  #callers = 0
  #openListings = 0
  #idle: NodeJS.Timeout | undefined

  constructor(options: FolderProcessOptions) {
    this.#options = options
    const { folder, script: _script, ...times } = options
    this.#gate = new StoreGate({
      name: `The folder ${folder}`,
      places: PLACES,
      onHang: (error) => this.#giveUp(error),
      ...times,
    })
  }

  /** Asks the child, which reads `target.folder`: the folder that this process is for, or its real path. */
  async call<Name extends FolderCallName>(
    target: FolderTarget,
    name: Name,
    input: FolderCalls[Name]['input'],
  ): Promise<FolderCalls[Name]['value']> {
    this.#gate.pass()
    clearTimeout(this.#idle)
    this.#callers += 1
    try {
      await this.#start()
      return await this.#gate.run(LANES[name], async ({ progress }) => {
        const child = await this.#start()
        const call = { name, input } as FolderCall
        return (await this.#send(
          child,
          { id: this.#nextId++, ...target, call },
          progress,
        )) as FolderCalls[Name]['value']
      })
    } finally {
      this.#callers -= 1
      this.#rest()
    }
  }

  /** It has a child, and nothing for it to do. */
  get isIdle(): boolean {
    return this.#child !== null && this.#callers === 0 && this.#openListings === 0
  }

  /** Nothing is asked of it, and none of its children hangs. */
  get isForgettable(): boolean {
    return this.#callers === 0 && this.#openListings === 0 && this.#lost === 0
  }

  /** A listing step by step. It lives in one child, which stays until its end. */
  async *list(target: FolderTarget, prefix: string): AsyncIterable<StoredObject> {
    const listing = crypto.randomUUID()
    let isOpen = false
    this.#openListings += 1
    try {
      do {
        const step: FolderCalls['list']['value'] = await this.call(target, 'list', {
          listing,
          prefix,
          isFirst: !isOpen,
        })
        isOpen = !step.isLast
        yield* step.objects
      } while (isOpen)
    } finally {
      this.#openListings -= 1
      if (isOpen) await this.call(target, 'endList', { listing }).catch(() => undefined)
      this.#rest()
    }
  }

  /** Ends the child without waiting for it; the next call starts another. */
  close(): void {
    clearTimeout(this.#idle)
    const child = this.#child
    this.#child = null
    if (child?.process.connected) child.process.disconnect()
  }

  async #start(): Promise<Child> {
    if (this.#child === null) {
      if (this.#lost >= MAX_LOST)
        throw this.#unavailable(
          'still holds what was asked of it before: see to its disk or share',
          STORE_AWAY,
        )
      this.#child = this.#fork()
    }
    const child = this.#child
    await child.ready
    return child
  }

  #fork(): Child {
    const { promise: ready, resolve, reject } = Promise.withResolvers<void>()
    const child: Child = {
      process: fork(this.#options.script, [], {
        serialization: 'advanced',
        // It reads files and needs nothing of our environment, least of all credentials.
        env: { UV_THREADPOOL_SIZE: String(THREADS) } as unknown as NodeJS.ProcessEnv,
        execArgv: [],
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      }),
      ready,
      pending: new Map(),
    }
    child.ready.catch(() => undefined)
    const late = setTimeout(() => end('did not start'), START_SECONDS * 1000)
    const end = (what: string) => {
      clearTimeout(late)
      const error = this.#unavailable(`has no reader: its process ${what}`)
      if (this.#child === child) this.#child = null
      child.process.kill('SIGKILL')
      reject(error)
      for (const { reject: refuse } of child.pending.values()) refuse(error)
      child.pending.clear()
    }
    child.process.on('message', (message) => {
      const said = message as FolderMessage
      if (said.type === 'ready') {
        clearTimeout(late)
        resolve()
      } else this.#hear(child, said)
    })
    child.process.on('error', (error) => end(`failed (${error.message})`))
    child.process.on('exit', () => end('ended'))
    child.process.unref()
    return child
  }

  #send(
    child: Child,
    request: FolderRequest,
    progress: () => void,
  ): Promise<FolderCalls[FolderCallName]['value']> {
    return new Promise((resolve, reject) => {
      child.pending.set(request.id, { progress, resolve, reject })
      child.process.channel?.ref()
      child.process.send(request, (error) => {
        if (error === null || !child.pending.delete(request.id)) return
        reject(this.#unavailable('has no reader: its process is gone'))
      })
    })
  }

  #hear(child: Child, message: Exclude<FolderMessage, { type: 'ready' }>): void {
    const pending = child.pending.get(message.id)
    if (pending === undefined) return
    if (message.type === 'progress') {
      pending.progress()
      return
    }
    child.pending.delete(message.id)
    if (message.type === 'value') pending.resolve(message.value)
    else if (message.type === 'fault') pending.reject(new Error(message.message))
    else pending.reject(new ServiceError(message.kind, message.message, { code: message.code }))
  }

  #giveUp(error: ServiceError): void {
    const child = this.#child
    if (child === null) return
    this.#child = null
    this.#lost += 1
    child.process.once('exit', () => {
      this.#lost -= 1
    })
    for (const { reject } of child.pending.values()) reject(error)
    child.pending.clear()
    child.process.kill('SIGKILL')
    child.process.channel?.unref()
  }

  /** A process that has nothing else to do may end; a child that is not asked for a while does. */
  #rest(): void {
    if (this.#child === null || this.#callers > 0) return
    this.#child.process.channel?.unref()
    clearTimeout(this.#idle)
    if (this.#openListings > 0) return
    this.#idle = setTimeout(() => this.close(), IDLE_SECONDS * 1000)
    this.#idle.unref()
  }

  #unavailable(what: string, code = 'UNAVAILABLE'): ServiceError {
    return new ServiceError('UNAVAILABLE', `The folder ${this.#options.folder} ${what}.`, { code })
  }
}
