import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DemoCredentials } from '#lib/platform/auth/write-first-credentials.ts'
import { type Instance, startInstance } from '#tests/support/instance.ts'
import { type PostgresCluster, startPostgresCluster } from '#tests/support/postgres-cluster.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

let cluster: PostgresCluster
let instance: Instance
let admin: Client
beforeAll(async () => {
  cluster = await startPostgresCluster()
  const database = await cluster.createDatabase()
  instance = await startInstance({ env: { DATABASE_URL: cluster.url(database), SECRET: 's'.repeat(40) } })
  admin = new Client(cluster.url(database))
  await admin.connect()
})
afterAll(async () => {
  await admin?.end()
  await instance?.stop()
  await cluster?.stop()
})

async function signIn(): Promise<string> {
  const credentials = path.join(instance.dataDir, 'demo-credentials.json')
  const { users }: DemoCredentials = JSON.parse(readFileSync(credentials, 'utf8'))
  const person = users.find(({ role }) => role === 'ml-lead')
  const response = await fetch(`${instance.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: person?.email, password: person?.password }),
  })
  expect(response.status).toBe(200)
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

/** Statements of the pages that wait for the table which the test has locked. */
async function countWaiting(): Promise<number> {
  const { rows } = await admin.query<{ n: number }>(`
    select count(*)::integer as n from pg_stat_activity
    where wait_event_type = 'Lock' and query ilike '%from "model_versions"%'`)
  return rows[0]?.n ?? 0
}

it('a page whose reader leaves keeps the database busy no longer, and its log quiet', async () => {
  const cookie = await signIn()
  const ask = (signal?: AbortSignal) =>
    fetch(`${instance.url}/model-versions`, { headers: { cookie }, ...(signal && { signal }) })
  expect((await ask()).status).toBe(200)
  await admin.query('begin')
  await admin.query('lock table model_versions in access exclusive mode')
  const leaving = new AbortController()
  const left = ask(leaving.signal).then((response) => response.text())
  await waitUntil('the page asks the database', async () => (await countWaiting()) > 0)
  leaving.abort()
  await expect(left).rejects.toThrow('abort')
  await waitUntil('the statement has ended', async () => (await countWaiting()) === 0)
  await admin.query('rollback')
  const page = await ask()
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('Model versions')
  expect(instance.output()).not.toMatch(/Failed query|AbortError/)
})
