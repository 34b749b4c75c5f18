import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '#db/client.ts'
import { migrateDatabase } from '#db/migrate.ts'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import { registerDataset } from '#lib/data/dataset/register.ts'
import { createEvaluationRun } from '#lib/model/evaluation-run/create.ts'
import { getEvaluationRun } from '#lib/model/evaluation-run/queries.ts'
import type { EvaluationRunSummary } from '#lib/model/evaluation-run/schema.ts'
import { registerModelVersion } from '#lib/model/registry/register.ts'
import { taskActor } from '#lib/platform/context.ts'
import { openObjectStore } from '#lib/platform/object-store/open.ts'
import { seededRandom } from '#lib/statistics/seeded-random.ts'
import { checkInvariants } from '#tests/support/check-invariants.ts'
import { exited } from '#tests/support/child-process.ts'
import { type EmbeddedDatabase, startEmbeddedDatabase } from '#tests/support/embedded-database.ts'
import { EvaluatorProcess } from '#tests/support/evaluator-process.ts'
import { freePort } from '#tests/support/free-port.ts'
import { repetitions } from '#tests/support/repetitions.ts'
import { makePng } from '#tests/support/test-images.ts'
import { readTestModel, testModelCard } from '#tests/support/test-models.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

/** Three processes as the service has them, each of which is killed without warning and started again. */
const VICTIMS = ['worker', 'evaluator', 'database'] as const
const KILLS = repetitions({ always: 6, nightly: 60 })
const MOST_MILLISECONDS = repetitions({ always: 280_000, nightly: 1_800_000 })
const IMAGES = 1500
const TOKEN = 'a token of the kill test, long enough for the evaluator'

let folder: string
let embedded: EmbeddedDatabase
let evaluator: EvaluatorProcess
let evaluatorPort: number
let worker: ChildProcess
/** Exit codes of workers that were not killed: a database that is away must end none. */
const endedByItself: number[] = []
let db: Database
let closeDatabase: () => Promise<void>

const context = () => ({ db, actor: taskActor('test'), now: new Date(), requestId: crypto.randomUUID() })
const sources = () => ({
  objectStore: openObjectStore(`file:${folder}/objects`, { create: true }),
  datasetRoots: [`${folder}/datasets`],
  openStore: openObjectStore,
})

const startEvaluator = () =>
  EvaluatorProcess.start({
    EVALUATOR_PORT: String(evaluatorPort),
    EVALUATOR_TOKEN: TOKEN,
    OBJECT_STORE_URL: `file:${folder}/objects`,
    DATASET_ROOTS: `${folder}/datasets`,
    LOG_LEVEL: 'info',
  })

function startWorker(): ChildProcess {
  const child = spawn(process.execPath, ['tests/support/evaluation-worker.ts'], {
    env: {
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'test',
      DATABASE_URL: embedded.url,
      DATA_DIR: folder,
      OBJECT_STORE_URL: `file:${folder}/objects`,
      DATASET_ROOTS: `${folder}/datasets`,
      EVALUATOR_URLS: `http://127.0.0.1:${evaluatorPort}`,
      EVALUATOR_TOKEN: TOKEN,
      LOG_LEVEL: 'fatal',
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  child.once('exit', (code) => {
    if (code !== null) endedByItself.push(code)
  })
  return child
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sr-kill-'))
  evaluatorPort = await freePort()
  embedded = await startEmbeddedDatabase(`${folder}/database`)
  await migrateDatabase(embedded.url)
  const opened = openDatabase(embedded.url, { maxConnections: 2 })
  db = opened.db
  closeDatabase = opened.close
  evaluator = await startEvaluator()
  for (const findingClass of testModelCard().findingClasses)
    await mkdir(`${folder}/datasets/many/${findingClass}`, { recursive: true })
  for (let number = 0; number < IMAGES; number++) {
    const findingClass = testModelCard().findingClasses[number % 3]
    const image = makePng({ width: 64, height: 64, shade: number % 256, note: `image ${number}` })
    await writeFile(`${folder}/datasets/many/${findingClass}/${number}.png`, image)
  }
  await registerDataset(context(), sources(), { name: 'many', location: `file:${folder}/datasets/many` })
  worker = startWorker()
})

afterAll(async () => {
  for (const child of [worker, evaluator?.child]) {
    child?.kill('SIGKILL')
    if (child !== undefined) await exited(child)
  }
  await closeDatabase?.()
  await embedded?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** A run of its own predictions: another mean is another preprocessing. */
async function startRun(number: number): Promise<string> {
  const { bytes } = await readTestModel('valid')
  const card = testModelCard({ preprocessing: { mean: [0.5 + number / 100] } })
  const address = { url: `http://127.0.0.1:${evaluatorPort}`, token: TOKEN }
  const parts = { objectStore: sources().objectStore, evaluators: [address] }
  const { id: modelVersionId } = await registerModelVersion(context(), parts, { onnx: bytes, card })
  return (await createEvaluationRun(context(), sources(), { modelVersionId, dataset: 'many' })).id
}

/** Null while the database is away. */
async function look(id: string): Promise<EvaluationRunSummary | null> {
  return await getEvaluationRun({ db }, { id }).catch(() => null)
}

const KILL: Record<(typeof VICTIMS)[number], (runId: string) => Promise<void>> = {
  worker: async (runId) => {
    worker.kill('SIGKILL')
    await exited(worker)
    // As if the lease's 30 seconds had passed.
    await db
      .update(evaluationRuns)
      .set({ leaseUntil: sql`clock_timestamp() - interval '1 s'` })
      .where(eq(evaluationRuns.id, runId))
    worker = startWorker()
  },
  evaluator: async () => {
    evaluator.child.kill('SIGKILL')
    await exited(evaluator.child)
    evaluator = await startEvaluator()
  },
  database: async () => {
    embedded.child.kill('SIGKILL')
    await exited(embedded.child)
    embedded = await startEmbeddedDatabase(`${folder}/database`)
  },
}

test(`${KILLS} killed processes cost no image and count none twice`, {
  timeout: MOST_MILLISECONDS,
}, async () => {
  const random = seededRandom(20)
  const runs: string[] = []
  let runId = ''
  let seen = 0
  let kills = 0
  while (kills < KILLS) {
    const run = runId === '' ? null : await look(runId)
    if (runId === '' || (run !== null && run.finishedAt !== null)) {
      runId = await startRun(runs.length + 1)
      runs.push(runId)
      seen = 0
      continue
    }
    if (run === null || run.progress.done <= seen) {
      await delay(20)
      continue
    }
    await delay(random() * 200) // somewhere in what it does next, not always where it has just stored rows
    await KILL[VICTIMS[kills % VICTIMS.length] ?? 'worker'](runId)
    seen = run.progress.done
    kills += 1
  }
  for (const id of runs) {
    await waitUntil('the run ends', async () => (await look(id))?.finishedAt != null, 100_000)
    expect(await look(id)).toMatchObject({
      status: 'succeeded',
      progress: { done: IMAGES, errors: 0, total: IMAGES },
      reused: 0,
    })
  }
  await checkInvariants(db, { settled: true })
  expect(endedByItself).toEqual([])
})
