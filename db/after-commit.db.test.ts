import { once } from 'node:events'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#tests/support/test-database.ts'
import { afterCommit, openDatabase } from './client.ts'

let database: TestDatabase
let opened: ReturnType<typeof openDatabase>
let calls: string[]
beforeAll(async () => {
  database = await createTestDatabase()
  opened = openDatabase(database.url)
  await opened.db.execute(sql`create table written (name text)`)
})
afterAll(async () => {
  await opened.close()
  await database.close()
})

/** What another connection sees when it is called. */
const write = (name: string) => sql`insert into written values (${name})`
const seen = async () => Number((await opened.db.execute(sql`select count(*) as n from written`)).rows[0]?.n)

test('calls at once outside of a transaction', () => {
  calls = []
  afterCommit(opened.db, () => calls.push('now'))
  expect(calls).toEqual(['now'])
})

test('calls once what was written is there, also from a transaction inside', async () => {
  calls = []
  let atCall: Promise<number> | undefined
  await opened.db.transaction(async (tx) => {
    await tx.execute(write('outer'))
    await tx.transaction(async (inner) => {
      await inner.execute(write('inner'))
      afterCommit(inner, () => calls.push('inner'))
    })
    afterCommit(tx, () => {
      atCall = seen()
    })
    expect(calls).toEqual([])
  })
  expect(calls).toEqual(['inner'])
  expect(await atCall).toBe(2)
})

test('never calls for what was not committed', async () => {
  calls = []
  const failing = opened.db.transaction(async (tx) => {
    afterCommit(tx, () => calls.push('failed'))
    throw new Error('failed')
  })
  await expect(failing).rejects.toThrow('failed')
  expect(calls).toEqual([])
})

test('is no failure of the transaction when a call fails, and the others are made', async () => {
  calls = []
  const before = await seen()
  const warned = once(process, 'warning')
  const result = await opened.db.transaction(async (tx) => {
    await tx.execute(write('kept'))
    afterCommit(tx, () => {
      throw new Error('The listener failed.')
    })
    afterCommit(tx, () => calls.push('next'))
    return 'done'
  })
  expect([result, calls, await seen()]).toEqual(['done', ['next'], before + 1])
  expect((await warned)[0]).toMatchObject({ message: 'The listener failed.' })
})
