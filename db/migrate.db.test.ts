import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#tests/support/test-database.ts'
import { migrateDatabase } from './migrate.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

async function journal(): Promise<unknown[]> {
  const client = new Client(database.url)
  await client.connect()
  const { rows } = await client.query('select hash from drizzle.__drizzle_migrations order by id')
  await client.end()
  return rows
}

it('changes nothing on a database that is up to date, also when several start at once', async () => {
  const before = await journal()
  expect(before.length).toBeGreaterThan(0)
  await Promise.all([1, 2, 3].map(() => migrateDatabase(database.url)))
  expect(await journal()).toEqual(before)
})
