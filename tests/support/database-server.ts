import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { migrateDatabase } from '#db/migrate.ts'
import { startEmbeddedDatabase } from './embedded-database.ts'
import { startPostgresCluster } from './postgres-cluster.ts'

/** Where test databases come from: a migrated template, copied for each. */
export type TestDatabaseSource = { embedded: { folder: string } } | { postgres: { url: string } }

declare module 'vitest' {
  interface ProvidedContext {
    testDatabaseSource: TestDatabaseSource
  }
}

export const TEMPLATE = 'second_reader_template'

/** Vitest's global set-up of the database suite. `TEST_DATABASE=postgres` runs it on a real server. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const onPostgres = process.env.TEST_DATABASE === 'postgres'
  const { source, stop } = onPostgres ? await preparePostgres() : await prepareEmbedded()
  project.provide('testDatabaseSource', source)
  return stop
}

async function prepareEmbedded(): Promise<{ source: TestDatabaseSource; stop: () => Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sr-template-'))
  const database = await startEmbeddedDatabase(folder)
  await migrateDatabase(database.url)
  await database.stop()
  return { source: { embedded: { folder } }, stop: async () => rmSync(folder, { recursive: true }) }
}

async function preparePostgres(): Promise<{ source: TestDatabaseSource; stop: () => Promise<void> }> {
  const cluster = await startPostgresCluster()
  const client = new Client(cluster.url('postgres'))
  await client.connect()
  await client.query(`create database ${TEMPLATE}`)
  await client.end()
  await migrateDatabase(cluster.url(TEMPLATE))
  return { source: { postgres: { url: cluster.url('postgres') } }, stop: cluster.stop }
}

/** A private copy of the embedded template. */
export function copyTemplate(folder: string): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'sr-database-'))
  cpSync(folder, copy, { recursive: true })
  return copy
}
