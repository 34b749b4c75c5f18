import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

describe('a migration', () => {
  it('leaves no lock behind that a pooled connection would keep', async () => {
    await migrateDatabase(database.url)
    const client = new Client(database.url)
    await client.connect()
    const { rows } = await client.query(`select 1 from pg_locks where locktype = 'advisory'`)
    await client.end()
    expect(rows).toEqual([])
  })

  it('says that it updates a database in use, for that may take long', async () => {
    const client = new Client(database.url)
    await client.connect()
    const before = await journal()
    const newest = 'select max(id) from drizzle.__drizzle_migrations'
    await client.query(`delete from drizzle.__drizzle_migrations where id = (${newest})`)
    await client.end()
    const said: string[] = []
    await migrateDatabase(database.url, (line) => said.push(line))
    await migrateDatabase(database.url, (line) => said.push(line))
    expect(said).toEqual([expect.stringContaining('Updating the schema of the database (1 step)')])
    expect(await journal()).toEqual(before)
  })

  it('refuses a database that a newer release has used, and changes nothing', async () => {
    const client = new Client(database.url)
    await client.connect()
    const future = Date.UTC(2200, 0, 1)
    await client.query(
      `insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', ${future})`,
    )
    const before = await journal()
    await expect(migrateDatabase(database.url)).rejects.toThrow('used by a newer release')
    expect(await journal()).toEqual(before)
    await client.query(`delete from drizzle.__drizzle_migrations where hash = 'later'`)
    await client.end()
    await migrateDatabase(database.url)
  })
})
