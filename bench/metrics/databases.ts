import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { migrateDatabase } from '#db/migrate.ts'
import { startEmbeddedDatabase } from '#tests/support/embedded-database.ts'
import { type Instance, startInstance } from '#tests/support/instance.ts'
import { startPostgresCluster } from '#tests/support/postgres-cluster.ts'

/** A service on a database of each kind, filled before it started. */
export type Started = { instance: Instance; version: string; stop: () => Promise<void> }
type Fill = (url: string) => Promise<void>

export const DATABASES: Record<string, (fill: Fill) => Promise<Started>> = {
  PostgreSQL: startOnPostgres,
  embedded: startOnEmbedded,
}

async function startOnPostgres(fill: Fill): Promise<Started> {
  const cluster = await startPostgresCluster()
  try {
    const url = cluster.url('second_reader')
    await query(cluster.url('postgres'), 'create database second_reader')
    await migrateDatabase(url)
    await fill(url)
    const version = await query(url, 'show server_version')
    const instance = await startInstance({
      env: { DATABASE_URL: url, SECRET: randomBytes(32).toString('hex'), DEMO: 'access' },
    })
    const stop = () => instance.stop().finally(cluster.stop)
    return { instance, version, stop }
  } catch (error) {
    await cluster.stop()
    throw error
  }
}

async function startOnEmbedded(fill: Fill): Promise<Started> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sr-bench-data-'))
  const remove = () => rmSync(dataDir, { recursive: true, force: true })
  try {
    const database = await startEmbeddedDatabase(dataDir)
    let version: string
    try {
      await migrateDatabase(database.url)
      await fill(database.url)
      version = await query(database.url, 'show server_version')
    } finally {
      await database.stop()
    }
    const instance = await startInstance({ dataDir })
    return { instance, version, stop: () => instance.stop().finally(remove) }
  } catch (error) {
    remove()
    throw error
  }
}

/** The first value of the first row. */
async function query(url: string, text: string): Promise<string> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query({ text, rowMode: 'array' })
    return String(rows[0]?.[0] ?? '')
  } finally {
    await client.end()
  }
}
