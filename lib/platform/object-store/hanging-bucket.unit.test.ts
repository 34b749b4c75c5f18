import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { collectObjects } from '#tests/support/object-store-contract.ts'
import { waitUntil } from '#tests/support/wait-until.ts'
import type { ObjectStore } from './object-store.ts'
import { openObjectStore } from './open.ts'
import { HANG_SECONDS } from './store-gate.ts'

// Servers that hang in a request until the client gives it up: each test waits for the limit once.

let server: Server
const requests: string[] = []
const aborted: string[] = []
const opened: ObjectStore[] = []

beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'key'
  process.env.AWS_SECRET_ACCESS_KEY = 'secret'
  server = createServer((request, response) => {
    const bucket = request.url?.split(/[/?]/)[1] ?? ''
    requests.push(bucket)
    response.on('close', () => response.writableEnded || aborted.push(bucket))
    if (bucket === 'well') response.end('whole')
    if (bucket === 'stalling') response.writeHead(200, { 'content-length': 10 }).write('01234')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  for (const store of opened) await store.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function open(bucket: string): ObjectStore {
  const { port } = server.address() as AddressInfo
  const store = openObjectStore(`s3://${bucket}?endpoint=http://127.0.0.1:${port}`)
  opened.push(store)
  return store
}

const away = (bucket: string) => ({
  kind: 'UNAVAILABLE',
  code: 'STORE_AWAY',
  message: expect.stringContaining(`The bucket ${bucket} did not answer within ${HANG_SECONDS} s`),
})
const countOf = (bucket: string, list: readonly string[]) => list.filter((each) => each === bucket).length

const CALLS: [string, (store: ObjectStore) => Promise<unknown>][] = [
  ['silent-get', (store) => store.get('key')],
  ['silent-range', (store) => store.getRange('key', 0, 9)],
  ['silent-list', (store) => collectObjects(store.list())],
  ['silent-find', (store) => store.find('key')],
  ['silent-digest', (store) => store.digest('key', { sizeBytes: 9, maxBytes: 99, headBytes: 9 })],
  ['stalling', (store) => store.get('key')],
]

test.concurrent.each(CALLS)(
  'a bucket that hangs (%s) is given up at the limit, then away at once, and no other is',
  async (bucket, call) => {
    const store = open(bucket)
    const hanging = expect(call(store)).rejects.toMatchObject(away(bucket))
    expect((await open('well').get('key')).toString()).toBe('whole')
    await hanging
    await waitUntil(
      'its connections are closed',
      () => countOf(bucket, aborted) === countOf(bucket, requests),
    )
    const asked = countOf(bucket, requests)
    await expect(open(bucket).get('another')).rejects.toMatchObject(away(bucket))
    await expect(open(bucket).check()).rejects.toMatchObject(away(bucket))
    expect(countOf(bucket, requests)).toBe(asked)
    expect((await open('well').get('key')).toString()).toBe('whole')
  },
)

test.concurrent('few calls to one bucket are under way at once', async () => {
  const store = open('crowded')
  const calls = Array.from({ length: 100 }, () => store.get('key').catch((error: unknown) => error))
  for (const outcome of await Promise.all(calls)) expect(outcome).toMatchObject(away('crowded'))
  expect(countOf('crowded', requests)).toBeLessThanOrEqual(32)
})
