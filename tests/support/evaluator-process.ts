import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EvaluationLine, ModelReference } from '#lib/model/evaluator/evaluator-contract.ts'
import { openObjectStore } from '#lib/platform/object-store/open.ts'
import { readTestModel, testModelCard } from './test-models.ts'

const START_SECONDS = 60

export type Stream = { status: number; lines: EvaluationLine[]; done: boolean }

/** A real evaluator in its own process, on a free port, with its own folders. */
export class EvaluatorProcess {
  readonly url: string
  readonly token: string
  readonly folder: string
  readonly child: ChildProcess
  readonly log: string[]

  private constructor(parts: {
    url: string
    token: string
    folder: string
    child: ChildProcess
    log: string[]
  }) {
    this.url = parts.url
    this.token = parts.token
    this.folder = parts.folder
    this.child = parts.child
    this.log = parts.log
  }

  static async start(environment: Record<string, string> = {}): Promise<EvaluatorProcess> {
    const folder = await mkdtemp(path.join(tmpdir(), 'evaluator-test-'))
    const token = randomBytes(32).toString('hex')
    const child = spawn(process.execPath, ['evaluator/server.ts'], {
      env: {
        PATH: process.env.PATH ?? '',
        TMPDIR: tmpdir(),
        NODE_ENV: 'test',
        EVALUATOR_PORT: '0',
        EVALUATOR_TOKEN: token,
        EVALUATOR_WORKERS: '2',
        DATA_DIR: folder,
        LOG_LEVEL: 'info',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const log: string[] = []
    const url = await listeningAddress(child, log)
    while (!(await fetch(`${url}/ready`)).ok) await sleep(20)
    return new EvaluatorProcess({ url, token, folder, child, log })
  }

  request(route: string, init: RequestInit = {}): Promise<Response> {
    const headers = {
      authorization: `Bearer ${this.token}`,
      'content-type': 'application/json',
      ...init.headers,
    }
    return fetch(`${this.url}${route}`, { ...init, headers })
  }

  post(route: string, body: unknown, init: RequestInit = {}): Promise<Response> {
    return this.request(route, { method: 'POST', body: JSON.stringify(body), ...init })
  }

  /** Stores a model made by make_models.py and returns how requests name it. */
  async storeModel(name: string, card = testModelCard()): Promise<ModelReference> {
    const { bytes, sha256 } = await readTestModel(name)
    await this.storeObject(`models/${sha256}.onnx`, bytes)
    return { sha256, card }
  }

  async storeObject(key: string, bytes: Uint8Array): Promise<void> {
    const store = openObjectStore(`file:${path.join(this.folder, 'objects')}`, { create: true })
    await store.put(key, bytes)
  }

  async evaluate(body: unknown): Promise<Stream> {
    const response = await this.post('/evaluations', body)
    const lines: EvaluationLine[] = []
    let done = false
    for (const text of (await response.text()).split('\n').filter((line) => line !== '')) {
      const line = JSON.parse(text)
      if (line.done === true) done = true
      else lines.push(line)
    }
    return { status: response.status, lines, done }
  }

  async stop(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exited = once(this.child, 'exit')
      this.child.kill('SIGTERM')
      await exited
    }
    await rm(this.folder, { recursive: true, force: true })
    return this.child.exitCode
  }
}

async function listeningAddress(child: ChildProcess, log: string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const timer = setTimeout(() => reject(new Error('the evaluator did not start')), START_SECONDS * 1000)
  child.once('exit', (code) => reject(new Error(`the evaluator ended with exit code ${code}`)))
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    log.push(line)
    const address = /Server listening at (http:\/\/[^"]+)/.exec(line)?.[1]
    if (address !== undefined) resolve(address)
  })
  return promise.finally(() => clearTimeout(timer))
}
