import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditEvents } from '#db/schema/audit.ts'
import { getDataset } from '#lib/data/dataset/queries.ts'
import { listImages } from '#lib/data/image/image-queries.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { ObjectStore, StoredObject } from '#lib/platform/object-store/object-store.ts'
import { type DatasetBench, openDatasetBench } from '#tests/support/test-datasets.ts'
import { makePng } from '#tests/support/test-images.ts'
import { createSnapshot } from './create-snapshot.ts'
import { scanNextSnapshot } from './scan.ts'
import { getSnapshot } from './snapshot-queries.ts'

let bench: DatasetBench
beforeAll(async () => {
  bench = await openDatasetBench()
})
afterAll(async () => {
  await bench.close()
})

const png = (note: string): Buffer => makePng({ note })

const digestOf = (bytes: Buffer) => ({
  sha256: createHash('sha256').update(bytes).digest('hex'),
  sizeBytes: bytes.length,
  head: bytes,
})

/** Scans a dataset whose store is made by the test. */
async function scanStore(name: string, store: Partial<ObjectStore>) {
  await bench.register(name, {})
  const { id } = await createSnapshot(bench.context(), { dataset: name })
  const missing = () => Promise.reject(new Error('The scan is not expected to ask for this.'))
  const whole: ObjectStore = {
    location: 'file:/nowhere',
    get: missing,
    getRange: missing,
    digest: missing,
    put: missing,
    find: missing,
    list: () => expect.unreachable('The test has no listing.'),
    delete: missing,
    check: async () => undefined,
    close: async () => undefined,
    ...store,
  }
  await scanNextSnapshot(bench.context(), { ...bench.sources, openStore: () => whole })
  return await getSnapshot(bench.context(), { dataset: name, id })
}

test('sockets, pipes and names that are not UTF-8 are skipped by name, and nothing waits for them', async () => {
  await bench.register('odd', { 'c/a.png': png('a') })
  const folder = `${bench.folder}/odd/c`
  const socket = createServer().listen(`${folder}/socket.png`)
  await once(socket, 'listening')
  execFileSync('mkfifo', [`${folder}/pipe.png`])
  await writeFile(
    Buffer.concat([Buffer.from(`${folder}/latin-`), Buffer.of(0xe9), Buffer.from('.png')]),
    png('b'),
  )
  const snapshot = await bench.scan('odd')
  socket.close()
  expect(snapshot).toMatchObject({ status: 'ready', images: 1 })
  expect(snapshot.skipped.map(({ file, code }) => [file, code])).toEqual([
    ['c/latin-\uFFFD.png', 'BAD_NAME'],
    ['c/pipe.png', 'SPECIAL_FILE'],
    ['c/socket.png', 'SPECIAL_FILE'],
  ])
})

test('finding classes that differ in upper and lower case alone stay two', async () => {
  await bench.register('cases', { 'Melanoma/a.png': png('a'), 'melanoma/a.png': png('b') })
  expect(await bench.scan('cases')).toMatchObject({ status: 'ready', images: 2 })
  expect((await getDataset(bench.context(), { name: 'cases' })).findingClasses).toMatchObject([
    { findingClass: 'Melanoma', images: 1 },
    { findingClass: 'melanoma', images: 1 },
  ])
})

test('a key of 1024 bytes is scanned and listed as it is, and one of 1025 is skipped', async () => {
  const key = `c/${'ü'.repeat(509)}.png`
  const long = `c/${'x'.repeat(1023)}`
  const objects: StoredObject[] = [
    { key, sizeBytes: 100, revision: '1', kind: 'object' },
    { key: long, sizeBytes: 100, revision: '1', kind: 'special' },
  ]
  expect([Buffer.byteLength(key), Buffer.byteLength(long)]).toEqual([1024, 1025])
  const snapshot = await scanStore('long', {
    async *list() {
      yield* objects
    },
    digest: async (asked) => digestOf(png(asked)),
  })
  expect(snapshot).toMatchObject({ status: 'ready', images: 1 })
  expect(snapshot.skipped.map(({ code }) => code)).toEqual(['BAD_NAME'])
  const [image] = await listImages(bench.context(), { dataset: 'long', after: null, take: 5 })
  expect(image?.key).toBe(key)
})

test('five thousand keys are read while they are listed, a batch at a time', {
  timeout: 300_000,
}, async () => {
  const count = 5000
  let listed = 0
  let read = 0
  let furthestAhead = 0
  const snapshot = await scanStore('many', {
    async *list() {
      for (; listed < count; listed++) {
        furthestAhead = Math.max(furthestAhead, listed - read)
        yield { key: `c${listed % 9}/${listed}.png`, sizeBytes: 100, revision: '1', kind: 'object' }
      }
    },
    digest: async (key) => {
      read += 1
      return digestOf(png(key))
    },
  })
  expect(snapshot).toMatchObject({ status: 'ready', images: count, listed: count, hashed: count })
  expect(furthestAhead).toBeLessThanOrEqual(500)
})

test('a listing that does not come to an end fails the scan at once, by name', async () => {
  const snapshot = await scanStore('loop', {
    // biome-ignore lint/correctness/useYield: it fails before its first object
    async *list() {
      throw new ServiceError('UNAVAILABLE', 'The listing does not come to an end.', { code: 'LIST_LOOP' })
    },
  })
  expect(snapshot).toMatchObject({ status: 'failed', failureCode: 'LIST_LOOP' })
})

test('a bucket that refuses to list fails the scan at once, by name', async () => {
  const snapshot = await scanStore('forbidden', {
    // biome-ignore lint/correctness/useYield: it fails before its first object
    async *list() {
      throw new ServiceError('FORBIDDEN', 'The object store refuses the credentials.')
    },
  })
  expect(snapshot).toMatchObject({ status: 'failed', failureCode: 'FORBIDDEN' })
})

test('allowing label conflicts is written into the audit log', async () => {
  await bench.register('override', { 'a/x.png': png('same'), 'b/y.png': png('same') })
  const snapshot = await bench.scan('override', { allowLabelConflicts: true })
  expect(snapshot).toMatchObject({ status: 'ready', images: 2 })
  const events = await bench.db
    .select({ after: auditEvents.after })
    .from(auditEvents)
    .where(and(eq(auditEvents.objectId, snapshot.id), eq(auditEvents.action, 'dataset-snapshot.request')))
  expect(events).toEqual([{ after: { dataset: 'override', allowLabelConflicts: true } }])
})
