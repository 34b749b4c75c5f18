import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { workerEnvironment } from '#evaluator/env.ts'
import type { LoadableModel } from '#evaluator/worker-tasks.ts'
import type { BoundShare, BoundTask } from './bound-worker.ts'

const WORKER = path.join(import.meta.dirname, 'bound-worker.ts')

export type Bound = { rate: number; cpuSeconds: number }

/**
 * Images per second that decoding and inference alone allow: one process per core, no HTTP, no database, no hashing,
 * no messages. The sum of the processes' own rates, so that none is held back by another that had more to do.
 */
export async function measureBound(model: LoadableModel, folder: string): Promise<Bound> {
  const files = globSync(`${folder}/*/*`).sort()
  const size = availableParallelism()
  const shares = Array.from({ length: size }, (_, worker) => files.filter((_, i) => i % size === worker))
  const children = shares.map((share) => startWorker({ model, files: share }))
  await Promise.all(children.map((child) => nextMessage(child)))
  const results = children.map((child) => nextMessage<BoundShare>(child))
  for (const child of children) child.send('go')
  const spent = await Promise.all(results)
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  return {
    rate: sum(spent.map(({ seconds }, worker) => (shares[worker]?.length ?? 0) / seconds)),
    cpuSeconds: sum(spent.map(({ cpuSeconds }) => cpuSeconds)),
  }
}

function startWorker(task: BoundTask): ChildProcess {
  return fork(WORKER, [JSON.stringify(task)], { env: workerEnvironment() as NodeJS.ProcessEnv })
}

async function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`a process of the bound ended with exit code ${code}`)
  })
  const [message] = await Promise.race([once(child, 'message'), ended])
  return message as Message
}
