import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#tests/support/test-database.ts'
import { waitUntil } from '#tests/support/wait-until.ts'
import { cancelledBy, openDatabase, originOf } from './client.ts'

let database: TestDatabase
let opened: ReturnType<typeof openDatabase>
beforeAll(async () => {
  database = await createTestDatabase()
  opened = openDatabase(database.url, { maxConnections: 2 })
})
afterAll(async () => {
  await opened.close()
  await database.close()
})

const waits = (seconds: number) => sql`select pg_sleep(${seconds})`
const answers = async () => (await opened.db.execute(sql`select 1 as one`)).rows

describe('a database for a caller who may go away', () => {
  it('answers as the database itself while the caller is there', async () => {
    const { signal } = new AbortController()
    const db = cancelledBy(opened.db, signal)
    expect((await db.execute(sql`select ${7}::int as seven`)).rows).toEqual([{ seven: 7 }])
    await expect(db.execute(sql`select nonsense`)).rejects.toThrow()
    const inTransaction = await db.transaction(async (tx) => (await tx.execute(sql`select 2 as two`)).rows)
    expect(inTransaction).toEqual([{ two: 2 }])
    expect(originOf(db)).toBe(opened.db)
    expect(originOf(cancelledBy(db, signal))).toBe(opened.db)
  })

  it('rejects at once when the caller leaves, and gives the connection up', async () => {
    const leave = new AbortController()
    const db = cancelledBy(opened.db, leave.signal)
    const asked = Promise.allSettled([1, 2, 3].map(() => db.execute(waits(4))))
    const begun = performance.now()
    leave.abort(new Error('gone'))
    for (const outcome of await asked)
      expect(outcome).toMatchObject({ status: 'rejected', reason: new Error('gone') })
    expect(performance.now() - begun).toBeLessThan(3500)
    await expect(db.execute(sql`select 1`)).rejects.toThrow()
    expect(await answers()).toEqual([{ one: 1 }]) // the pool is not empty
  })

  it('takes what still waits out of the queue: who asks next does not wait for it', async () => {
    const leave = new AbortController()
    const busy = openDatabase(database.url, { maxConnections: 20 })
    try {
      const db = cancelledBy(busy.db, leave.signal)
      const asked = Promise.allSettled(Array.from({ length: 20 }, () => db.execute(waits(3))))
      const isSent = () => busy.pool.totalCount === 20 && busy.pool.waitingCount === 0
      await waitUntil('all connections are open', isSent)
      leave.abort(new Error('gone'))
      await asked
      const begun = performance.now()
      expect(await answers()).toEqual([{ one: 1 }])
      // All twenty would take a minute on the embedded database; one that is at work cannot be ended there.
      expect(performance.now() - begun).toBeLessThan(15_000)
    } finally {
      await busy.close()
    }
  })

  it('counts only the last signal', async () => {
    const db = cancelledBy(cancelledBy(opened.db, AbortSignal.abort()), new AbortController().signal)
    expect((await db.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }])
  })
})
