import { rmSync } from 'node:fs'
import { Client } from 'pg'
import { inject } from 'vitest'
import { copyTemplate, TEMPLATE } from './database-server.ts'
import { startEmbeddedDatabase } from './embedded-database.ts'

export type TestDatabase = { url: string; close: () => Promise<void> }

/**
 * A fresh, migrated database of this test's own, embedded or on a real server as the suite runs. About a second
 * on the embedded one: make one per file, in `beforeAll`, and `close` it in `afterAll`.
 */
export function createTestDatabase(): Promise<TestDatabase> {
  const source = inject('testDatabaseSource')
  return 'embedded' in source ? createEmbedded(source.embedded.folder) : createOnServer(source.postgres.url)
}

async function createEmbedded(template: string): Promise<TestDatabase> {
  const folder = copyTemplate(template)
  const database = await startEmbeddedDatabase(folder)
  return {
    url: database.url,
    async close() {
      await database.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

async function createOnServer(serverUrl: string): Promise<TestDatabase> {
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`
  await onServer(serverUrl, `create database ${name} template ${TEMPLATE}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return {
    url: url.href,
    close: () => onServer(serverUrl, `drop database ${name} with (force)`),
  }
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client(url)
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
