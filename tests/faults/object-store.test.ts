import type { IncomingMessage } from 'node:http'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { registerDataset } from '#lib/data/dataset/register.ts'
import { scanNextSnapshot } from '#lib/data/snapshot/scan.ts'
import { listPredictions } from '#lib/model/evaluation-result/list-predictions.ts'
import { createEvaluationRun } from '#lib/model/evaluation-run/create.ts'
import type { EvaluationRunSummary } from '#lib/model/evaluation-run/schema.ts'
import { registerModelVersion } from '#lib/model/registry/register.ts'
import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import { openObjectStore } from '#lib/platform/object-store/open.ts'
import { seededRandom } from '#lib/statistics/seeded-random.ts'
import { EvaluatorProcess } from '#tests/support/evaluator-process.ts'
import { type HttpFault, HttpFaultProxy } from '#tests/support/http-fault-proxy.ts'
import { type PostgresCluster, startPostgresCluster } from '#tests/support/postgres-cluster.ts'
import { type SwiftServer, startSwift } from '#tests/support/swift-server.ts'
import { readTestModel, testModelCard } from '#tests/support/test-models.ts'
import { numberedImage, openRunHarness, type RunHarness } from '#tests/support/test-runs.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

const IMAGES = 12
const CLASSES = testModelCard().findingClasses

let cluster: PostgresCluster
let swift: SwiftServer
let proxy: HttpFaultProxy
let evaluator: EvaluatorProcess
let harness: RunHarness
let store: ObjectStore

beforeAll(async () => {
  ;[cluster, swift] = await Promise.all([startPostgresCluster(), startSwift()])
  Object.assign(process.env, swift.credentials)
  await swift.makeBucket('service')
  proxy = await HttpFaultProxy.start(swift.endpoint)
  const url = `s3://service?endpoint=${encodeURIComponent(proxy.url)}`
  store = openObjectStore(url)
  const settings = { OBJECT_STORE_URL: url, EVALUATOR_READ_SECONDS: '5', ...swift.credentials }
  ;[evaluator, harness] = await Promise.all([
    EvaluatorProcess.start(settings),
    openRunHarness({ url: cluster.url(await cluster.createDatabase()), close: async () => {} }),
  ])
})
afterEach(() => proxy.heal())
afterAll(async () => {
  await evaluator?.stop()
  await harness?.close()
  await store?.close()
  await proxy?.stop()
  await swift?.stop()
  await cluster?.stop()
})

const sources = () => ({ objectStore: store, datasetRoots: [], openStore: openObjectStore })
const parts = () => ({ sources: sources(), evaluators: [{ url: evaluator.url, token: evaluator.token }] })
let versions = 0

/** Uploads a dataset of its own and asks for its evaluation by a version of its own. */
async function request(name: string, images = IMAGES): Promise<string> {
  await registerDataset(harness.context(), sources(), { name })
  for (let number = 0; number < images; number++) {
    const key = `datasets/${name}/${CLASSES[number % CLASSES.length]}/${number}.png`
    await store.put(key, numberedImage(number))
  }
  versions += 1
  const { id } = await registerModelVersion(
    harness.context(),
    { objectStore: store, evaluators: parts().evaluators },
    {
      onnx: (await readTestModel('valid')).bytes,
      card: testModelCard({ preprocessing: { mean: [versions / 100] } }),
    },
  )
  return (await createEvaluationRun(harness.context(), sources(), { modelVersionId: id, dataset: name })).id
}

const scan = () => scanNextSnapshot(harness.context(), sources())
const work = (id: string) => harness.work(id, parts())
const endPauses = () =>
  harness.db.execute(
    sql`update evaluation_runs set lease_until = clock_timestamp() - interval '1 s' where status = 'running'`,
  )
const whole = (images = IMAGES) => ({
  status: 'succeeded',
  progress: { done: images, errors: 0, total: images },
  reasonCode: null,
})

/** Applies a fault to the requests for images alone; `nth` counts those of one image from 1. */
function breakImages(decide: (key: string, nth: number) => HttpFault): void {
  const counts = new Map<string, number>()
  proxy.decide = (incoming: IncomingMessage) => {
    const key = /\/datasets\/[^?]*\.png/.exec(incoming.url ?? '')?.[0]
    if (key === undefined) return { kind: 'none' }
    const nth = (counts.get(key) ?? 0) + 1
    counts.set(key, nth)
    return decide(key, nth)
  }
}

it('F18: loses no image to a store of whose answers 30 % are 500 or 503', async () => {
  const id = await request('bursts')
  const random = seededRandom(18)
  proxy.decide = () =>
    random() < 0.3
      ? { kind: 'answer', status: random() < 0.5 ? 500 : 503, body: '<Error/>' }
      : { kind: 'none' }
  for (let looks = 0; looks < 20 && (await scan()); looks++) {
    await harness.db.execute(sql`update dataset_snapshots set lease_until = null where status = 'scanning'`)
  }
  expect(await work(id)).toMatchObject(whole())
})

it('F19: evaluates the other images while one takes seconds', async () => {
  const id = await request('slow')
  await scan()
  breakImages((key) => (key.endsWith('/0.png') ? { kind: 'delay', ms: 4_000 } : { kind: 'none' }))
  const working = work(id)
  await waitUntil(
    'the others are there',
    async () => (await harness.get(id)).progress.done >= IMAGES - 2,
    20_000,
  )
  expect((await harness.get(id)).status).toBe('running')
  expect(await working).toMatchObject(whole())
})

it.each([0, 40, 100])('F20: reads an image again whose body was cut after %i bytes', async (afterBytes) => {
  const id = await request(`cut-${afterBytes}`)
  breakImages((_, nth) => (nth === 1 ? { kind: 'cut', afterBytes } : { kind: 'none' }))
  await scan()
  breakImages((_, nth) => (nth === 1 ? { kind: 'cut', afterBytes } : { kind: 'none' }))
  expect(await work(id)).toMatchObject(whole())
})

it('F21: takes a login page that comes instead of an image for other content, and for nothing else', async () => {
  const id = await request('login')
  await scan()
  const page = { kind: 'answer', status: 200, body: '<html>Please sign in</html>' } as const
  breakImages((key) => (key.endsWith('/5.png') ? page : { kind: 'none' }))
  expect(await work(id)).toMatchObject({
    status: 'succeeded',
    progress: { done: IMAGES, errors: 1, total: IMAGES },
  })
  const errors = await listPredictions(harness, { id, status: 'error', take: 9 })
  expect(errors.map(({ imageKey, code }) => [imageKey, code])).toEqual([
    ['lung-pneumonia/5.png', 'CHANGED_DURING_RUN'],
  ])
})

it.each([
  [
    'F22: credentials that are refused',
    { kind: 'answer', status: 403, body: '<Error><Code>AccessDenied</Code></Error>' },
  ],
  ['an outage', { kind: 'refuse' }],
] as const)('%s let a run wait, and it goes on by itself when they are mended', async (what, fault) => {
  const id = await request(what.startsWith('F22') ? 'refused' : 'outage')
  await scan()
  proxy.decide = () => fault
  const working = work(id)
  await waitUntil(
    'the run says why it waits',
    async () => (await harness.get(id)).reasonCode === 'STORE_AWAY',
  )
  expect(await harness.get(id)).toMatchObject({ status: 'running', progress: { errors: 0 } })
  proxy.heal()
  await endPauses()
  expect(await working).toMatchObject(whole())
})

it('a scan waits for a store that is away, and the run behind it ends as if nothing had been', async () => {
  const id = await request('scan-outage')
  proxy.decide = () => ({ kind: 'refuse' })
  await scan()
  const waiting = await harness.db.execute(
    sql`select failure_code from dataset_snapshots where status = 'scanning'`,
  )
  expect(waiting.rows).toEqual([{ failure_code: 'STORE_AWAY' }])
  proxy.heal()
  await waitUntil('the pause is over', scan)
  const run: EvaluationRunSummary = await work(id)
  expect(run).toMatchObject(whole())
})

it('asks a store that stopped answering no more than needed, and blames no image', async () => {
  const id = await request('hangs', 3)
  await scan()
  swift.pause()
  const working = work(id)
  try {
    await waitUntil(
      'the run says why it waits',
      async () => (await harness.get(id)).reasonCode === 'STORE_AWAY',
    )
  } finally {
    swift.resume()
  }
  await endPauses()
  expect(await working).toMatchObject(whole(3))
})
