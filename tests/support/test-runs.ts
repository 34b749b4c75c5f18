import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '#db/client.ts'
import { scanNextSnapshot } from '#lib/data/snapshot/scan.ts'
import type { EvaluationDependencies } from '#lib/model/evaluation-engine/dependencies.ts'
import { evaluateNextRun } from '#lib/model/evaluation-engine/run-next.ts'
import { createEvaluationRun } from '#lib/model/evaluation-run/create.ts'
import { getEvaluationRun } from '#lib/model/evaluation-run/queries.ts'
import type { EvaluationRunSummary } from '#lib/model/evaluation-run/schema.ts'
import { EvaluatorSlots } from '#lib/model/evaluator/evaluator-slots.ts'
import { registerModelVersion } from '#lib/model/registry/register.ts'
import type { Context } from '#lib/platform/context.ts'
import { checkInvariants } from './check-invariants.ts'
import { FakeEvaluator } from './fake-evaluator.ts'
import type { TestDatabase } from './test-database.ts'
import { type DatasetBench, openDatasetBench } from './test-datasets.ts'
import { makePng } from './test-images.ts'

export const TEST_CLASSES = ['lung-covid', 'lung-normal', 'lung-pneumonia']

/** A database with datasets, a fake evaluator, and the evaluation loop's body to be called by hand. */
export type RunHarness = {
  datasets: DatasetBench
  evaluator: FakeEvaluator
  db: DatasetBench['db']
  context: () => Context
  dependencies: (changes?: Partial<EvaluationDependencies>) => EvaluationDependencies
  /** Registers a folder with so many different images spread over the test classes. */
  makeDataset: (name: string, images: number) => Promise<void>
  addImages: (name: string, from: number, to: number) => Promise<void>
  /** A version of its own: no prediction of another test is reused. */
  makeVersion: (card?: Record<string, unknown>) => Promise<string>
  /** Lets the scans that wait run. */
  scanAll: () => Promise<void>
  /** Creates a run and lets the scan freeze its snapshot. */
  startRun: (modelVersionId: string, dataset: string) => Promise<string>
  /** Works on what waits, as one loop does, until the run has ended or so many claims were made. */
  work: (runId: string, changes?: Partial<EvaluationDependencies>) => Promise<EvaluationRunSummary>
  get: (runId: string) => Promise<EvaluationRunSummary>
  close: () => Promise<void>
}

/** A valid PNG whose bytes no other number gives. */
export function numberedImage(number: number): Buffer {
  return makePng({ shade: number % 256, note: `image ${number}` })
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export async function openRunHarness(database?: TestDatabase): Promise<RunHarness> {
  const datasets = await openDatasetBench(database)
  const evaluator = await FakeEvaluator.start()
  const slots = new EvaluatorSlots()
  const heartbeat = openDatabase(datasets.url, { maxConnections: 1 })
  const { db } = datasets

  const harness: RunHarness = {
    datasets,
    evaluator,
    db,
    context: datasets.context,
    dependencies: (changes = {}) => ({
      db,
      heartbeatDb: heartbeat.db,
      sources: datasets.sources,
      evaluators: [evaluator.address],
      slots,
      owner: 'harness',
      now: () => new Date(),
      random: () => 0,
      logger: { info: () => {}, warn: () => {}, error: () => {} },
      ...changes,
    }),
    makeDataset: async (name, images) => {
      await datasets.register(name, {})
      await harness.addImages(name, 0, images)
    },
    addImages: async (name, from, to) => {
      const files: Record<string, Uint8Array> = {}
      for (let number = from; number < to; number++) {
        const findingClass = TEST_CLASSES[number % TEST_CLASSES.length]
        files[`${findingClass}/${String(number).padStart(6, '0')}.png`] = numberedImage(number)
      }
      await datasets.write(name, files)
    },
    makeVersion: async (card = {}) => {
      const parts = { objectStore: datasets.sources.objectStore, evaluators: [evaluator.address] }
      const input = {
        onnx: Buffer.from(`not a model ${randomUUID()}`),
        card: { name: 'test-model', findingClasses: TEST_CLASSES, ...card },
      }
      return (await registerModelVersion(datasets.context(), parts, input)).id
    },
    startRun: async (modelVersionId, dataset) => {
      const { id } = await createEvaluationRun(datasets.context(), datasets.sources, {
        modelVersionId,
        dataset,
      })
      await harness.scanAll()
      return id
    },
    scanAll: async () => {
      while (await scanNextSnapshot(datasets.context(), datasets.sources)) {}
    },
    work: async (runId, changes = {}) => {
      const deadline = Date.now() + 50_000
      while (Date.now() < deadline) {
        const worked = await evaluateNextRun(harness.dependencies(changes), new AbortController().signal)
        const run = await harness.get(runId)
        if (run.finishedAt !== null) {
          await checkInvariants(db)
          return run
        }
        if (!worked) await sleep(50)
      }
      throw new Error(`The run did not end: ${JSON.stringify(await harness.get(runId))}`)
    },
    get: (runId) => getEvaluationRun({ db }, { id: runId }),
    close: async () => {
      await evaluator.stop()
      await heartbeat.close()
      await datasets.close()
    },
  }
  return harness
}
