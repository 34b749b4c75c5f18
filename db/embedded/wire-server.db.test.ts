import { Client, Pool } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#tests/support/test-database.ts'

// What the rest of the code relies on; it holds on the embedded database as on a real server.

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

async function connect(): Promise<Client> {
  const client = new Client(database.url)
  client.on('error', () => {})
  await client.connect()
  return client
}

it('gives every connection its own answer when queries are larger than one read of a socket', async () => {
  const pool = new Pool({ connectionString: database.url, max: 8 })
  const large = 'x'.repeat(400_000)
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      const small = await pool.query('select $1::text as text, $2::integer as i', ['small', i])
      const big = await pool.query('select length($1::text) as length, $2::integer + 1 as next', [large, i])
      return [small.rows[0].i, big.rows[0].length, big.rows[0].next]
    }),
  )
  await pool.end()
  expect(answers).toEqual(Array.from({ length: 200 }, (_, i) => [i, 400_000, i + 1]))
})

it('lets no connection see or break into an open transaction', async () => {
  const [one, other] = await Promise.all([connect(), connect()])
  await one.query('create table seen (n integer)')
  await one.query('begin')
  await one.query('insert into seen values (1)')
  const count = other.query('select count(*)::integer as n from seen')
  await one.query('insert into seen values (2)')
  await one.query('rollback')
  expect((await count).rows).toEqual([{ n: 0 }])
  await Promise.all([one.end(), other.end()])
})

it('rolls back the transaction of a client that vanishes and goes on with the others', async () => {
  const [one, other] = await Promise.all([connect(), connect()])
  await other.query('create table vanished (n integer)')
  await one.query('begin')
  await one.query('insert into vanished values (1)')
  ;(one as unknown as { connection: { stream: { destroy: () => void } } }).connection.stream.destroy()
  expect((await other.query('select count(*)::integer as n from vanished')).rows).toEqual([{ n: 0 }])
  await other.end()
})

it('survives a client with a wrong user and one with a wrong database', async () => {
  for (const [field, value] of [
    ['username', 'unknown-user'],
    ['pathname', '/nowhere'],
  ] as const) {
    const url = new URL(database.url)
    url[field] = value
    await expect(new Client(url.href).connect()).rejects.toThrow('does not exist')
  }
  const client = await connect()
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  await client.end()
})

it('reports a failing statement by its code and goes on', async () => {
  const client = await connect()
  await client.query('create table once_only (n integer primary key)')
  await client.query('insert into once_only values ($1)', [1])
  await expect(client.query('insert into once_only values ($1)', [1])).rejects.toMatchObject({
    code: '23505',
  })
  await expect(client.query('no statement at all')).rejects.toMatchObject({ code: '42601' })
  expect((await client.query('select n from once_only')).rows).toEqual([{ n: 1 }])
  await client.end()
})
