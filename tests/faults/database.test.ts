import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '#db/client.ts'
import type { ApiClient } from '#lib/delivery/client/api-client.ts'
import { storageFault } from '#lib/platform/faults/storage-fault.ts'
import { checkInvariants } from '#tests/support/check-invariants.ts'
import { type Instance, startInstance } from '#tests/support/instance.ts'
import { doneImages, lookAtRun, startRun, writeImages } from '#tests/support/instance-runs.ts'
import { type PostgresCluster, startPostgresCluster } from '#tests/support/postgres-cluster.ts'
import { registerFolder, serviceApi } from '#tests/support/service-api.ts'
import { TcpFaultProxy } from '#tests/support/tcp-fault-proxy.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

const IMAGES = 600

let cluster: PostgresCluster
let database: string
let proxy: TcpFaultProxy

beforeAll(async () => {
  cluster = await startPostgresCluster()
  database = await cluster.createDatabase()
  proxy = await TcpFaultProxy.start({ path: cluster.socket })
})
afterAll(async () => {
  await proxy?.stop()
  await cluster?.stop()
})

const proxiedUrl = () => `postgresql://postgres@127.0.0.1:${proxy.port}/${database}`

/** Past the proxy. */
async function ask(statement: string): Promise<Record<string, unknown>[]> {
  const client = new Client(cluster.url(database))
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

it('a statement that is never answered is given up with its connection, and no connection is lost', async () => {
  const patience = { connectMs: 500, statementMs: 500 }
  const { db, pool, close } = openDatabase(proxiedUrl(), { maxConnections: 2, patience })
  try {
    for (let round = 0; round < 3; round++) {
      await db.execute(sql`select 1`)
      proxy.freeze()
      const lost = [
        db.execute(sql`select 1`),
        db.transaction((tx) => tx.execute(sql`select 1`)),
        db.execute(sql`select 1`),
      ]
      for (const outcome of await Promise.allSettled(lost)) {
        expect(outcome.status).toBe('rejected')
        const { reason } = outcome as PromiseRejectedResult
        expect(storageFault(reason)).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
      }
      proxy.heal()
      proxy.cut()
      await waitUntil('the connections are given back', () => pool.waitingCount === 0 && pool.totalCount < 2)
    }
    expect((await db.transaction((tx) => tx.execute(sql`select 2 as two`))).rows).toEqual([{ two: 2 }])
  } finally {
    await close()
  }
})

describe('a service on PostgreSQL', () => {
  let work: string
  let instance: Instance
  let api: ApiClient
  let runs = 0

  beforeAll(async () => {
    work = mkdtempSync(path.join(tmpdir(), 'sr-database-faults-'))
    writeImages(path.join(work, 'many'), IMAGES)
    const env = { DATABASE_URL: proxiedUrl(), SECRET: 's'.repeat(40), DATASET_ROOTS: work }
    instance = await startInstance({ env })
    api = serviceApi(instance)
    await registerFolder(api, 'many', `${work}/many`)
  })
  afterAll(async () => {
    await instance?.stop()
    rmSync(work, { recursive: true, force: true })
  })

  /** A run that is at work. */
  async function workingRun(): Promise<string> {
    runs += 1
    const id = await startRun(api, 'many', runs)
    await waitUntil('the run is at work', async () => (await doneImages(api, id)) > 0)
    return id
  }

  async function expectWhole(id: string): Promise<void> {
    await waitUntil('the run has ended', async () => (await lookAtRun(api, id))?.finishedAt != null, 90_000)
    expect(await lookAtRun(api, id)).toMatchObject({
      status: 'succeeded',
      progress: { done: IMAGES, errors: 0, total: IMAGES },
      reused: 0,
    })
    const { db, close } = openDatabase(cluster.url(database))
    await checkInvariants(db, { settled: true }).finally(close)
  }

  const list = async () => {
    const begunAt = performance.now()
    const headers = { Authorization: `Bearer ${instance.apiKey}` }
    const reply = await fetch(`${instance.url}/api/datasets`, { headers })
    await reply.body?.cancel()
    return {
      status: reply.status,
      retryAfter: reply.headers.get('retry-after'),
      ms: performance.now() - begunAt,
    }
  }

  it('F07: goes on with a run, in the same process, when the database is restarted three times', async () => {
    const web = instance.pid('web')
    const id = await workingRun()
    for (let times = 0; times < 3; times++) {
      await cluster.crash()
      await cluster.start()
      await waitUntil(
        'web has found the database again',
        async () => (await lookAtRun(api, id)) !== undefined,
      )
    }
    await expectWhole(id)
    expect(instance.pid('web')).toBe(web)
  })

  it('F08: answers 503 while the database is away, never an empty 200, and its run waits', async () => {
    const web = instance.pid('web')
    const id = await workingRun()
    proxy.refuse()
    const statuses = new Set<number>()
    for (let asked = 0; asked < 50; asked++) {
      const reply = await list()
      statuses.add(reply.status)
      expect(reply.retryAfter).toMatch(/^\d+$/)
    }
    expect([...statuses]).toEqual([503])
    expect((await fetch(`${instance.url}/api/health`)).status).toBe(503)
    proxy.heal()
    await waitUntil('the instance is healthy', instance.isHealthy)
    await expectWhole(id)
    expect(instance.pid('web')).toBe(web)
  })

  it('F10, F12: keeps no client waiting that finds every connection held, and serves those that wait in the end', async () => {
    const migration = new Client(cluster.url(database))
    await migration.connect()
    await migration.query('begin; lock table datasets in access exclusive mode')
    let refusedCount = 0
    const requests = Array.from({ length: 20 }, async () => {
      const reply = await list()
      refusedCount += reply.status === 503 ? 1 : 0
      return reply
    })
    await waitUntil('those who found no connection are told', () => refusedCount === 12, 20_000)
    await migration.query('rollback')
    await migration.end()
    const replies = await Promise.all(requests)
    const refused = replies.filter(({ status }) => status === 503)
    for (const { ms, retryAfter } of refused) {
      expect(ms).toBeLessThan(8_000) // 1.5 s of waiting, on a busy machine
      expect(retryAfter).toMatch(/^\d+$/)
    }
    expect(replies.filter(({ status }) => status !== 503).map(({ status }) => status)).toEqual(
      Array.from({ length: replies.length - refused.length }, () => 200),
    )
    expect((await list()).status).toBe(200)
  })

  it('F12: answers 503 where a time limit of the server ends a statement that waits', async () => {
    await ask(`alter database ${database} set lock_timeout = '200ms'`)
    proxy.cut()
    const migration = new Client(cluster.url(database))
    await migration.connect()
    await migration.query('begin; lock table datasets in access exclusive mode')
    await waitUntil('web is connected again', async () => (await list()).status === 503)
    await expect(api.GET('/api/datasets')).rejects.toMatchObject({ code: 'DATABASE_BUSY' })
    await migration.query('rollback')
    await migration.end()
    await ask(`alter database ${database} reset lock_timeout`)
    proxy.cut()
    await waitUntil('web is connected again', async () => (await list()).status === 200)
  })

  it('F11: does a write once whose transaction the database gives up, when it is sent again', async () => {
    await failFirst('audit_events', '40001', 1)
    const send = () =>
      fetch(`${instance.url}/api/datasets`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${instance.apiKey}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': 'one-and-the-same-request',
        },
        body: JSON.stringify({ name: 'written-once', location: `file:${work}/many` }),
      })
    const first = await send()
    expect(first.status).toBe(503)
    expect(first.headers.get('retry-after')).toMatch(/^\d+$/)
    expect((await send()).status).toBe(201)
    expect((await send()).status).toBe(201)
    expect(await ask(`select name from datasets where name = 'written-once'`)).toHaveLength(1)
  })

  it('F11: stores a batch again that a deadlock ended', async () => {
    await failFirst('predictions', '40P01', 3)
    await expectWhole(await workingRun())
    expect(await ask('select nextval($$failures$$) > 3 as failed_all')).toEqual([{ failed_all: true }])
  })

  /** The first inserts into a table end their transaction with this error. A sequence is not rolled back with them. */
  async function failFirst(table: string, code: string, times: number): Promise<void> {
    for (const each of ['audit_events', 'predictions'])
      await ask(`drop trigger if exists fail_first on ${each}`)
    await ask('drop sequence if exists failures')
    await ask('create sequence failures')
    await ask(`
      create or replace function fail_${table}() returns trigger language plpgsql as $$ begin
        if nextval('failures') <= ${times} then raise exception 'as told' using errcode = '${code}'; end if;
        return null;
      end $$`)
    await ask(
      `create or replace trigger fail_first before insert on ${table} for each statement execute function fail_${table}()`,
    )
  }
})
