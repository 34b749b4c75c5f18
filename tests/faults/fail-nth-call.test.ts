import { sql } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { scanNextSnapshot } from '#lib/data/snapshot/scan.ts'
import type { EvaluationDependencies } from '#lib/model/evaluation-engine/dependencies.ts'
import { evaluateNextRun } from '#lib/model/evaluation-engine/run-next.ts'
import { createEvaluationRun } from '#lib/model/evaluation-run/create.ts'
import { registerModelVersion } from '#lib/model/registry/register.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { storageFault } from '#lib/platform/faults/storage-fault.ts'
import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import { checkInvariants } from '#tests/support/check-invariants.ts'
import { HttpFaultProxy } from '#tests/support/http-fault-proxy.ts'
import { type PostgresCluster, startPostgresCluster } from '#tests/support/postgres-cluster.ts'
import { openRunHarness, type RunHarness, TEST_CLASSES } from '#tests/support/test-runs.ts'

const IMAGES = 4

/** `unsent`: nothing was done. `unheard`: it was done, and the answer got lost. */
type Failure = 'unsent' | 'unheard'

/** Counts every call to something outside this process while armed, and says which one is to fail. */
class Calls {
  armed = false
  count = 0
  failAt = 0
  failure: Failure = 'unsent'
  failed = ''
  readonly seen = new Map<string, number>()

  /** How this call is to fail; null: not at all. */
  next(what: string): Failure | null {
    if (!this.armed) return null
    this.count += 1
    const kind = what.split(' ')[0] ?? what
    if (this.failAt === 0) this.seen.set(kind, (this.seen.get(kind) ?? 0) + 1)
    if (this.count !== this.failAt) return null
    this.failed = what
    return this.failure
  }
}

const calls = new Calls()
let cluster: PostgresCluster
let harness: RunHarness
let proxy: HttpFaultProxy
let restoreDriver: () => void

beforeAll(async () => {
  cluster = await startPostgresCluster()
  harness = await openRunHarness({ url: cluster.url(await cluster.createDatabase()), close: async () => {} })
  proxy = await HttpFaultProxy.start(harness.evaluator.address.url)
  proxy.decide = (request) => {
    const failure = calls.next(`evaluator ${request.url}`)
    if (failure === null) return { kind: 'none' }
    return failure === 'unsent' ? { kind: 'refuse' } : { kind: 'cut', afterBytes: 40 }
  }
  restoreDriver = breakDriver()
})
afterAll(async () => {
  restoreDriver?.()
  await proxy?.stop()
  await harness?.close()
  await cluster?.stop()
})

/** Makes statements of the real driver fail as a connection that ends before or after the server has worked. */
function breakDriver(): () => void {
  type Query = (this: pg.Client, ...parts: unknown[]) => unknown
  const prototype = pg.Client.prototype as unknown as { query: Query }
  const { query } = prototype
  const lost = () => new Error('Connection terminated unexpectedly')
  prototype.query = function (...parts) {
    const statement = typeof parts[0] === 'string' ? parts[0] : (parts[0] as { text?: string }).text
    const failure = calls.next(`database ${statement?.trim().replace(/\s+/g, ' ').slice(0, 60)}`)
    if (failure === null) return query.apply(this, parts)
    const { stream } = (this as unknown as { connection: { stream: { destroy: () => void } } }).connection
    const callback = parts.at(-1)
    const end = () => stream.destroy()
    if (typeof callback !== 'function') {
      const done = failure === 'unsent' ? Promise.resolve() : Promise.resolve(query.apply(this, parts))
      return done.then(end).then(() => Promise.reject(lost()))
    }
    const fail = () => {
      end()
      callback(lost())
    }
    if (failure === 'unsent') return void process.nextTick(fail)
    return query.apply(this, [...parts.slice(0, -1), fail])
  }
  return () => {
    prototype.query = query
  }
}

function breakStore(store: ObjectStore): ObjectStore {
  const gone = () => new ServiceError('UNAVAILABLE', 'The object store does not answer.')
  const guard = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const failure = calls.next(`store ${what}`)
    if (failure === 'unsent') throw gone()
    const value = await work()
    if (failure === 'unheard') throw gone()
    return value
  }
  return {
    location: store.location,
    get: (...parts) => guard('get', () => store.get(...parts)),
    getRange: (...parts) => guard('getRange', () => store.getRange(...parts)),
    digest: (...parts) => guard('digest', () => store.digest(...parts)),
    put: (...parts) => guard('put', () => store.put(...parts)),
    find: (...parts) => guard('find', () => store.find(...parts)),
    delete: (...parts) => guard('delete', () => store.delete(...parts)),
    check: () => guard('check', () => store.check()),
    close: () => store.close(),
    async *list(prefix) {
      const failure = calls.next('store list')
      if (failure === 'unsent') throw gone()
      for await (const object of store.list(prefix)) {
        yield object
        if (failure === 'unheard') throw gone()
      }
    },
  }
}

/** What a client does whose call fails by no fault of its own: it calls again. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const passes =
        storageFault(error) !== null || (error instanceof ServiceError && error.kind === 'UNAVAILABLE')
      if (!passes || attempt === 3) throw error
    }
  }
}

/** One small run from the registration of its model to its metrics, the failing call wherever it falls. */
async function runOnce(name: string): Promise<unknown> {
  const { datasets } = harness
  const sources: EvaluationDependencies['sources'] = {
    ...datasets.sources,
    objectStore: breakStore(datasets.sources.objectStore),
    openStore: (url, options) => breakStore(datasets.sources.openStore(url, options)),
  }
  const address = { url: proxy.url, token: harness.evaluator.token }
  const dependencies = harness.dependencies({ sources, evaluators: [address] })
  await harness.makeDataset(name, IMAGES)
  calls.armed = true
  const parts = { objectStore: sources.objectStore, evaluators: [address] }
  const model = { onnx: Buffer.from(`model ${name}`), card: { name: 'm', findingClasses: TEST_CLASSES } }
  const version = await patiently(() => registerModelVersion(harness.context(), parts, model))
  const run = await patiently(() =>
    createEvaluationRun(harness.context(), sources, { modelVersionId: version.id, dataset: name }),
  )
  const never = new AbortController().signal
  for (let rounds = 0; rounds < 20; rounds++) {
    calls.armed = true
    // As the loops do: what fails is logged and tried again.
    await scanNextSnapshot(harness.context(), sources).catch(requirePassing)
    await evaluateNextRun(dependencies, never).catch(requirePassing)
    calls.armed = false
    const { status, progress, reasonCode } = await harness.get(run.id)
    if (status === 'succeeded' || status === 'failed') return { status, progress, reasonCode }
    for (const table of ['evaluation_runs', 'dataset_snapshots'])
      await harness.db.execute(
        sql.raw(`update ${table} set lease_until = null where lease_until is not null`),
      )
  }
  return 'stuck'
}

function requirePassing(error: unknown): void {
  if (storageFault(error) === null && !(error instanceof ServiceError)) throw error
}

/** A run whose creation was done but not heard of is created twice: the other one must end as well. */
async function endOthers(): Promise<void> {
  while (await scanNextSnapshot(harness.context(), harness.datasets.sources)) {}
  const dependencies = harness.dependencies()
  while (await evaluateNextRun(dependencies, new AbortController().signal)) {}
}

it('F36: ends whole whichever single call to the outside fails, done or not done', {
  timeout: 280_000,
}, async () => {
  const whole = {
    status: 'succeeded',
    progress: { done: IMAGES, errors: 0, total: IMAGES },
    reasonCode: null,
  }
  calls.failAt = 0
  expect(await runOnce('undisturbed')).toEqual(whole)
  const wrong: unknown[] = []
  let cases = 0
  for (const failure of ['unsent', 'unheard'] as const) {
    calls.failure = failure
    for (let failAt = 1; ; failAt++) {
      Object.assign(calls, { count: 0, failAt, failed: '' })
      const outcome = await runOnce(`${failure}-${failAt}`).catch(String)
      calls.armed = false
      if (calls.failed === '') break // the run was over before so many calls
      cases += 1
      if (JSON.stringify(outcome) !== JSON.stringify(whole))
        wrong.push({ failure, call: calls.failed, outcome })
      await endOthers()
      await checkInvariants(harness.db, { settled: true })
    }
  }
  console.log(
    `${cases} cases over ${JSON.stringify(Object.fromEntries(calls.seen))} calls of an undisturbed run`,
  )
  expect(wrong).toEqual([])
  expect(cases).toBeGreaterThan(100)
})
