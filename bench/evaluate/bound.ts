import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import type { LoadableModel } from '#evaluator/worker-tasks.ts'
import type { BoundTask } from './bound-worker.ts'

const WORKER = path.join(import.meta.dirname, 'bound-worker.ts')

/**
 * Images per second that decoding and inference alone allow: one process per core, no HTTP, no database, no hashing,
 * no messages. The sum of the processes' own rates, so that none is held back by another that had more to do.
 */
export async function measureBound(model: LoadableModel, folder: string): Promise<number> {
  const files = globSync(`${folder}/*/*`).sort()
  const size = availableParallelism()
  const shares = Array.from({ length: size }, (_, worker) => files.filter((_, i) => i % size === worker))
  const children = shares.map((share) => startWorker({ model, files: share }))
  await Promise.all(children.map((child) => nextMessage(child)))
  const results = children.map((child) => nextMessage<{ seconds: number }>(child))
  for (const child of children) child.send('go')
  const rates = (await Promise.all(results)).map(({ seconds }, i) => (shares[i]?.length ?? 0) / seconds)
  return rates.reduce((sum, rate) => sum + rate, 0)
}

function startWorker(task: BoundTask): ChildProcess {
  return fork(WORKER, [JSON.stringify(task)])
}

async function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`a process of the bound ended with exit code ${code}`)
  })
  const [message] = await Promise.race([once(child, 'message'), ended])
  return message as Message
}
