import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#tests/support/test-database.ts'
import { migrateDatabase } from './migrate.ts'

// The embedded database has one transaction at a time: there is nothing to wait for.

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

/** A connection that stands in the way of migrations until the test lets go. */
async function holdLock(): Promise<Client> {
  const client = new Client(database.url)
  await client.connect()
  await client.query('begin')
  await client.query('select pg_advisory_xact_lock(7203141)')
  return client
}

it('says what it waits for, gives up in time, and works when the way is free', async () => {
  const holder = await holdLock()
  const said: string[] = []
  const migrated = migrateDatabase(database.url, (line) => said.push(line), 1)
  await expect(migrated).rejects.toThrow('another process migrates this database or uses its tables')
  expect(said).toEqual(['Waiting for another process that migrates this database, 1 s at most …'])
  await holder.query('rollback')
  await holder.end()
  await migrateDatabase(database.url)
})
