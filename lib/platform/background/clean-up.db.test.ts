import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '#db/client.ts'
import { sessions, users, verifications } from '#db/schema/auth.ts'
import { idempotencyKeys } from '#db/schema/idempotency-key.ts'
import { createTestDatabase, type TestDatabase } from '#tests/support/test-database.ts'
import { cleanUp } from './clean-up.ts'

const NOW = new Date('2026-11-21T12:00:00Z')
const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000)

let database: TestDatabase
let opened: ReturnType<typeof openDatabase>
beforeAll(async () => {
  database = await createTestDatabase()
  opened = openDatabase(database.url)
})
afterAll(async () => {
  await opened.close()
  await database.close()
})

test('ended sessions, expired proofs and replies of last week go, everything else stays', async () => {
  const { db } = opened
  await db
    .insert(users)
    .values({ id: 'ada', name: 'Ada', email: 'ada@hospital.example', roles: ['reviewer'] })
  const session = (id: string, expiresAt: Date, updatedAt: Date) =>
    db.insert(sessions).values({ id, userId: 'ada', token: id, expiresAt, updatedAt })
  await session('in use', ago(-1), ago(0.1))
  await session('ended', ago(0.01), ago(0.1))
  await session('forgotten', ago(-1), ago(7 * 24 + 1))
  const proof = (id: string, expiresAt: Date) =>
    db.insert(verifications).values({ id, identifier: id, value: 'x', expiresAt })
  await proof('valid', ago(-1))
  await proof('expired', ago(1))
  const key = (name: string, createdAt: Date) =>
    db
      .insert(idempotencyKeys)
      .values({ actorId: 'ada', key: name, requestSha256: '00'.repeat(32), createdAt })
  await key('of this week', ago(6 * 24))
  await key('of last week', ago(7 * 24 + 1))

  await cleanUp(db, NOW)

  expect((await db.select().from(sessions)).map(({ id }) => id)).toEqual(['in use'])
  expect((await db.select().from(verifications)).map(({ id }) => id)).toEqual(['valid'])
  expect((await db.select().from(idempotencyKeys)).map(({ key: name }) => name)).toEqual(['of this week'])
  expect(await db.$count(users)).toBe(1)
})
