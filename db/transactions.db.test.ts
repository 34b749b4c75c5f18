import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FolderStore } from '#lib/platform/object-store/folder-store.ts'
import { openObjectStore } from '#lib/platform/object-store/open.ts'
import { createTestDatabase, type TestDatabase } from '#tests/support/test-database.ts'
import { takeFound } from '#tests/support/watch-transactions.ts'
import { openDatabase } from './client.ts'

let database: TestDatabase
let db: ReturnType<typeof openDatabase>
beforeAll(async () => {
  database = await createTestDatabase()
  db = openDatabase(database.url)
})
afterAll(async () => {
  await db.close()
  await database.close()
})

it('finds what asks a store or another service inside a transaction, and nothing outside of one', async () => {
  const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const folder = new FolderStore(tmpdir())
  const bucket = openObjectStore(`s3://bucket?endpoint=${url}`)
  const ask = async () => {
    await folder.check()
    await fetch(url)
    await bucket.get('key').catch(() => undefined)
  }
  await ask()
  expect(takeFound()).toEqual([])
  await db.db.transaction(async (tx) => {
    await tx.execute('select 1')
    await ask()
  })
  const found = new Set(takeFound().map((message) => message.split(' inside')[0]))
  expect(found).toEqual(new Set(['FolderStore.check', 'A fetch', 'An HTTP request']))
  await ask()
  expect(takeFound()).toEqual([])
  await bucket.close()
  server.close()
})
