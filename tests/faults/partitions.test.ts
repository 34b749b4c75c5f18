import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openDatabase } from '#db/client.ts'
import { evaluationRuns, predictions } from '#db/schema/evaluation-run.ts'
import { evaluateNextRun } from '#lib/model/evaluation-engine/run-next.ts'
import { LEASE_SECONDS } from '#lib/platform/lease/lease.ts'
import { checkInvariants } from '#tests/support/check-invariants.ts'
import { endChild } from '#tests/support/child-process.ts'
import type { EvaluationExchange } from '#tests/support/fake-evaluator.ts'
import { HttpFaultProxy } from '#tests/support/http-fault-proxy.ts'
import { type PostgresCluster, startPostgresCluster } from '#tests/support/postgres-cluster.ts'
import { TcpFaultProxy } from '#tests/support/tcp-fault-proxy.ts'
import { openRunHarness, type RunHarness } from '#tests/support/test-runs.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

const IMAGES = 40

let cluster: PostgresCluster
let database: string
let harness: RunHarness
let evaluator: HttpFaultProxy

beforeAll(async () => {
  cluster = await startPostgresCluster()
  database = await cluster.createDatabase()
  harness = await openRunHarness({ url: cluster.url(database), close: async () => {} })
  evaluator = await HttpFaultProxy.start(harness.evaluator.address.url)
})
beforeEach(() => {
  harness.evaluator.forget()
  evaluator.heal()
})
afterAll(async () => {
  await evaluator?.stop()
  await harness?.close()
  await cluster?.stop()
})

const whole = { status: 'succeeded', progress: { done: IMAGES, errors: 0, total: IMAGES }, reasonCode: null }

async function requestRun(name: string): Promise<string> {
  await harness.makeDataset(name, IMAGES)
  return await harness.startRun(await harness.makeVersion(), name)
}

let sentLines = 0

/** Lines one after the other, so that there is a middle: the pause is the evaluator's work on an image. */
async function answerSlowly({ request, response }: EvaluationExchange, lineMs: number): Promise<void> {
  for (const item of request.items) {
    if (response.destroyed) return
    response.write(`${JSON.stringify(harness.evaluator.line(item, request))}\n`)
    sentLines += 1
    await sleep(lineMs)
  }
  response.end(`{"done":true,"total":${request.items.length}}\n`)
}

const writtenAt = async (runId: string, epoch: number) => {
  const rows = await harness.db.select().from(predictions).where(eq(predictions.runId, runId))
  return rows.filter((row) => row.epoch === epoch).length
}

it('F25: asks again for what was lost when requests reach the evaluator and its replies do not come back', async () => {
  evaluator.decide = (request, count) =>
    request.url === '/evaluations' && count < 12 ? { kind: 'swallow', ms: 700 } : { kind: 'none' }
  const id = await requestRun('one-way')
  const address = { url: evaluator.url, token: harness.evaluator.token }
  expect(await harness.work(id, { evaluators: [address] })).toMatchObject(whole)
})

it('F06: what an owner that was stopped has in hand is refused when it wakes after another has taken over', async () => {
  harness.evaluator.onEvaluation = (exchange) => answerSlowly(exchange, 150)
  const id = await requestRun('paused')
  const owner = startWorker()
  try {
    await waitUntil('the owner has stored something', async () => (await writtenAt(id, 1)) > 2, 150_000)
    owner.process.kill('SIGSTOP')
    const sentBefore = sentLines
    await waitUntil('lines wait in its sockets', () => sentLines > sentBefore + 5)
    await harness.db
      .update(evaluationRuns)
      .set({ leaseUntil: sql`clock_timestamp() - interval '1 s'` })
      .where(eq(evaluationRuns.id, id))
    const stored = await writtenAt(id, 1)
    harness.evaluator.forget()
    expect(await harness.work(id)).toMatchObject(whole)
    owner.process.kill('SIGCONT')
    await waitUntil('it has given the run up', () => owner.said().includes('a run was given up'))
    expect(await writtenAt(id, 1)).toBe(stored)
    expect(stored).toBeLessThan(IMAGES)
    await checkInvariants(harness.db, { settled: true })
    expect(owner.process.exitCode).toBe(null)
  } finally {
    owner.process.kill('SIGCONT')
    await endChild(owner.process, 'SIGKILL')
  }
})

/** The service's loops in another process, on the harness's database and evaluator. */
function startWorker(): { process: ChildProcess; said: () => string } {
  const { sources, folder } = harness.datasets
  const worker = spawn(process.execPath, ['tests/support/evaluation-worker.ts'], {
    env: {
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'test',
      DATABASE_URL: harness.datasets.url,
      DATA_DIR: folder,
      OBJECT_STORE_URL: sources.objectStore.location,
      DATASET_ROOTS: folder,
      EVALUATOR_URLS: harness.evaluator.address.url,
      EVALUATOR_TOKEN: harness.evaluator.token,
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  let said = ''
  worker.stdout?.on('data', (text) => (said += text))
  return { process: worker, said: () => said }
}

it('F26: an owner that cannot reach the database stops asking the evaluator before its lease is over', async () => {
  const proxy = await TcpFaultProxy.start({ path: cluster.socket })
  const url = `postgresql://postgres@127.0.0.1:${proxy.port}/${database}`
  const [work, heartbeat] = [openDatabase(url), openDatabase(url, { maxConnections: 1 })]
  let lastAskedAt = 0
  harness.evaluator.onEvaluation = async (exchange) => {
    for (const item of exchange.request.items) {
      if (exchange.response.destroyed) return
      lastAskedAt = performance.now()
      exchange.response.write(`${JSON.stringify(harness.evaluator.line(item, exchange.request))}\n`)
      await sleep(4_000) // the evaluator's work on an image
    }
    exchange.response.end(`{"done":true,"total":${exchange.request.items.length}}\n`)
  }
  const id = await requestRun('partition')
  const dependencies = harness.dependencies({ db: work.db, heartbeatDb: heartbeat.db })
  const attempt = evaluateNextRun(dependencies, new AbortController().signal).catch(() => false)
  try {
    await waitUntil('the owner has stored something', async () => (await writtenAt(id, 1)) > 0, 150_000)
    proxy.freeze()
    const frozenAt = performance.now()
    // In real time: what is tested is that its own clock ends the work before the database's ends the lease.
    await waitUntil('no request is open', () => harness.evaluator.openCount === 0, 1000 * LEASE_SECONDS)
    expect(lastAskedAt - frozenAt).toBeLessThan(1000 * LEASE_SECONDS)
    proxy.heal()
    await attempt
    expect(harness.evaluator.openCount).toBe(0)
    harness.evaluator.forget()
    await harness.db.update(evaluationRuns).set({ leaseUntil: null }).where(eq(evaluationRuns.id, id))
    expect(await harness.work(id)).toMatchObject(whole)
  } finally {
    proxy.heal()
    proxy.cut()
    await Promise.all([work.close(), heartbeat.close()])
    await proxy.stop()
  }
})

it('F30: owns its run by the clock of the database, whatever its own says', async () => {
  const clocks = [
    () => Date.now() + 3_600_000,
    () => Date.now() - 3_600_000,
    () => Date.now() + (performance.now() % 2_000 > 1_000 ? 0 : -600_000), // jumps to and fro
  ]
  harness.evaluator.onEvaluation = (exchange) => answerSlowly(exchange, 20)
  for (const [number, clock] of clocks.entries()) {
    const id = await requestRun(`clock-${number}`)
    expect(await harness.work(id, { now: () => new Date(clock()) })).toMatchObject(whole)
    const [row] = await harness.db.select().from(evaluationRuns).where(eq(evaluationRuns.id, id))
    expect(row?.epoch).toBe(1)
  }
})
