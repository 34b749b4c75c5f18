import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ProcessPool } from '#lib/platform/process-pool/process-pool.ts'
import type { PoolReply, PoolTask } from './pool-child.ts'

/** A process with a pool of one child that hangs: prints the child's pid and environment, and waits to be killed. */
const pool = new ProcessPool<PoolTask, PoolReply>({
  script: path.resolve('tests/support/pool-child.ts'),
  settings: {},
  memoryLimitBytes: 400 * 2 ** 20,
  environment: { PATH: process.env.PATH ?? '' },
  size: 1,
})
const deadlines = { firstStage: 'first', seconds: { first: 60 } }
const outcome = await pool.run({ do: 'pid' }, { deadlines })
const pid = outcome.kind === 'done' ? (outcome.value as number) : 0
void pool.run({ do: 'hang' }, { deadlines })
const environment = readFileSync(`/proc/${pid}/environ`, 'latin1')
setTimeout(() => process.stdout.write(JSON.stringify({ pid, environment })), 500)
