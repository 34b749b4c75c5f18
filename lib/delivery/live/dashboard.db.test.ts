import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { evaluationRunErrors } from '#db/schema/evaluation-run.ts'
import { createSnapshot } from '#lib/data/snapshot/create-snapshot.ts'
import type { Health } from '#lib/delivery/health/schema.ts'
import { claimNextRun } from '#lib/model/evaluation-engine/claim-next-run.ts'
import { cancelEvaluationRun } from '#lib/model/evaluation-run/cancel.ts'
import { deleteEvaluationRun } from '#lib/model/evaluation-run/delete.ts'
import type { StreamEvent } from '#lib/platform/live/event-stream.ts'
import type { LiveFeed } from '#lib/platform/live/live-feed.ts'
import { openRunHarness, type RunHarness } from '#tests/support/test-runs.ts'
import { waitUntil } from '#tests/support/wait-until.ts'
import { DASHBOARD_EVENTS } from './dashboard-events.ts'
import { openFeeds } from './feeds.ts'

let harness: RunHarness
let evaluatorStatus: 'ok' | 'down' = 'ok'
beforeAll(async () => {
  harness = await openRunHarness()
  await harness.makeDataset('watched', 6)
})
afterAll(() => harness.close())

const checkHealth = async (): Promise<Health> => {
  const well = { status: 'ok' as const, detail: 'well' }
  const evaluator = { status: evaluatorStatus, detail: evaluatorStatus }
  return { status: 'ok', dependencies: { database: well, objectStore: well, evaluator } }
}
const openFeed = (db = harness.db) =>
  openFeeds({ db, checkHealth, pollMs: 10, restFactor: 0, healthMs: 10, progressMs: 10 }).dashboard

/** A listener that keeps what it is told. */
function follow(feed: LiveFeed, lastEventId: string | null = null) {
  const events: StreamEvent[] = []
  const leave = feed.listen((event) => events.push(event), { lastEventId })
  const told = (part: object) =>
    waitUntil(`an event with ${JSON.stringify(part)}`, () =>
      events.some(({ data }) => Object.entries(part).every(([k, v]) => Reflect.get(data as object, k) === v)),
    )
  return { events, leave, told }
}

test('tells of runs, scans and dependencies as they change, to all listeners by one look', async () => {
  let queries = 0
  const counted = new Proxy(harness.db, {
    get(target, name, receiver) {
      if (name === 'select') queries += 1
      return Reflect.get(target, name, receiver)
    },
  })
  const feed = openFeed(counted)
  const [one, ...others] = Array.from({ length: 50 }, () => follow(feed))
  if (one === undefined) throw new Error('There is no listener.')
  await one.told({ name: 'evaluator', status: 'ok' })
  evaluatorStatus = 'down'
  await one.told({ name: 'evaluator', status: 'down' })
  evaluatorStatus = 'ok'
  const version = await harness.makeVersion()
  const { id: snapshot } = await createSnapshot(harness.context(), { dataset: 'watched' })
  await one.told({ id: snapshot, status: 'scanning', dataset: 'watched' })
  const run = await harness.startRun(version, 'watched')
  await one.told({ id: run, status: 'queued', modelVersion: 'test-model v1', dataset: 'watched' })
  await one.told({ id: snapshot, status: 'ready' })
  await harness.work(run)
  await one.told({ id: run, status: 'succeeded' })
  const last = one.events.findLast(({ data }) => Reflect.get(data as object, 'id') === run)
  expect(last?.data).toMatchObject({ progress: { done: 6, errors: 0, total: 6 } })
  for (const other of others) expect(other.events).toEqual(one.events)
  for (const { event, data } of one.events) {
    const described = DASHBOARD_EVENTS.find(({ name }) => name === event)
    expect(described?.schema.safeParse(data), event).toMatchObject({ success: true })
  }
  const before = queries
  for (const { leave } of [one, ...others]) leave()
  await delay(300) // that nothing happens can only be seen by waiting: thirty looks have time here
  expect(queries - before).toBeLessThan(5)
})

test('tells of progress by events of its own: a run under way has changed no status', async () => {
  const feed = openFeed()
  const run = await harness.startRun(await harness.makeVersion(), 'watched')
  const claim = await claimNextRun(harness.context(), 'test')
  expect(claim).toMatchObject({ kind: 'claimed', run: { id: run } })
  const listener = follow(feed)
  await listener.told({ id: run, status: 'running', progress: null })
  const { rows } = await harness.db.execute<{ id: string }>(sql`
    select member.image_id as id from evaluation_runs run
    join snapshot_images member on member.snapshot_id = run.snapshot_id where run.id = ${run} order by 1`)
  for (const [at, { id }] of rows.slice(0, 3).entries()) {
    await harness.db
      .insert(evaluationRunErrors)
      .values({ runId: run, imageId: Number(id), code: 'X', message: 'x', epoch: 1 })
    await waitUntil('its progress', () =>
      listener.events.some(
        ({ event, data }) => event === 'run-progress' && JSON.stringify(data).includes(`"done":${at + 1}`),
      ),
    )
  }
  const told = listener.events.filter(
    ({ event, data }) => event === 'run' && Reflect.get(data as object, 'id') === run,
  )
  expect(told).toHaveLength(1)
  const late = follow(feed)
  expect(late.events.filter(({ event }) => event === 'run-progress').map(({ data }) => data)).toContainEqual({
    id: run,
    progress: { done: 3, errors: 3, total: 6 },
  })
  await cancelEvaluationRun(harness.context(), { id: run })
  await listener.told({ id: run, status: 'cancelled' })
  expect(listener.events.findLast(({ event }) => event === 'run')?.data).toMatchObject({
    modelVersion: expect.stringMatching(/^test-model v\d+$/),
    progress: { done: 3, errors: 3, total: 6 },
  })
  listener.leave()
  late.leave()
})

test('goes on after the last event that a listener had, and tells all states to one that was away too long', async () => {
  const feed = openFeed()
  const stays = follow(feed)
  const run = await harness.startRun(await harness.makeVersion(), 'watched')
  await stays.told({ id: run, status: 'queued' })
  const lastId = String(stays.events.at(-1)?.id)
  await cancelEvaluationRun(harness.context(), { id: run })
  await stays.told({ id: run, status: 'cancelled' })
  const back = follow(feed, lastId)
  const missed = stays.events.slice(stays.events.findIndex(({ id }) => id === lastId) + 1)
  expect(back.events).toEqual(missed)
  for (const unknown of ['', 'other-1', 'rubbish', null]) {
    const fresh = follow(feed, unknown)
    const told = fresh.events.map(({ event }) => event)
    expect(told.filter((event) => event === 'dependency')).toHaveLength(3)
    expect(told).not.toContain('run')
    fresh.leave()
  }
  stays.leave()
  back.leave()
})

test('says of a run that was at work that it was deleted', async () => {
  const feed = openFeed()
  const listener = follow(feed)
  const run = await harness.startRun(await harness.makeVersion(), 'watched')
  await listener.told({ id: run, status: 'queued' })
  await cancelEvaluationRun(harness.context(), { id: run })
  await deleteEvaluationRun(harness.context(), { id: run })
  await waitUntil('its end', () =>
    listener.events.some(
      ({ data }) =>
        Reflect.get(data as object, 'id') === run &&
        ['deleted', 'cancelled'].includes(Reflect.get(data as object, 'status')),
    ),
  )
  listener.leave()
})

test('tells soon of the database that is back, however long it let a look wait', async () => {
  let away = true
  let failures = 0
  const slowToFail = new Proxy(harness.db, {
    get(target, name, receiver) {
      if (name !== 'select' || !away) return Reflect.get(target, name, receiver)
      return () => {
        // It takes its time, as a database that is cut off: a thousandfold rest after it would outlast this test.
        const failure = delay(100).then(() => {
          failures += 1
          throw new Error('away')
        })
        const chain: object = new Proxy(Promise.resolve(), {
          get: (_, part) => (part === 'then' ? failure.then.bind(failure) : () => chain),
        })
        return chain
      }
    },
  })
  const status = () => (away ? ('down' as const) : ('ok' as const))
  const { dashboard: feed } = openFeeds({
    db: slowToFail,
    checkHealth: async () => {
      const health = await checkHealth()
      const database = { status: status(), detail: 'as told' }
      return { ...health, dependencies: { ...health.dependencies, database } }
    },
    pollMs: 10,
    restFactor: 1000,
    healthMs: 10,
  })
  const listener = follow(feed)
  await listener.told({ name: 'database', status: 'down' })
  await waitUntil('a look has failed', () => failures > 0)
  away = false
  await listener.told({ name: 'database', status: 'ok' })
  listener.leave()
})
