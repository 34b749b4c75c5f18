import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import { openObjectStore } from '#lib/platform/object-store/open.ts'
import { collectObjects, describeObjectStore } from '#tests/support/object-store-contract.ts'
import { type SwiftServer, startSwift } from '#tests/support/swift-server.ts'

let swift: SwiftServer

beforeAll(async () => {
  swift = await startSwift()
  Object.assign(process.env, swift.credentials)
  await swift.makeBucket('bucket')
})
afterAll(() => swift?.stop())

const CONTRACT = 'bucket/below a käfer + 50%2F/#1'
describeObjectStore('a bucket as object store', async () => openObjectStore(swift.location(CONTRACT)))

/** Every way in which a store is read; none may take a store that is away for an empty one. */
function readings(store: ObjectStore): Record<string, () => Promise<unknown>> {
  return {
    check: () => store.check(),
    find: () => store.find('key'),
    get: () => store.get('key'),
    getRange: () => store.getRange('key', 0, 1),
    list: () => collectObjects(store.list()),
  }
}

async function expectRefusal(store: ObjectStore, kind: string): Promise<void> {
  const calls = { ...readings(store), put: () => store.put('key', Buffer.from('x')) }
  await Promise.all(
    Object.entries(calls).map(([name, call]) => expect(call(), name).rejects.toMatchObject({ kind })),
  )
  await store.close()
}

describe('a server that refuses', () => {
  afterEach(() => void Object.assign(process.env, swift.credentials))

  test.each([
    ['a wrong secret', { AWS_SECRET_ACCESS_KEY: 'wrong' }],
    ['an unknown access key', { AWS_ACCESS_KEY_ID: 'unknown:key' }],
  ])('says that %s is forbidden, for every call', async (_, credentials) => {
    Object.assign(process.env, credentials)
    await expectRefusal(openObjectStore(swift.location('bucket')), 'FORBIDDEN')
  })

  test('says that a missing bucket is the store being away, for every call', async () => {
    await expectRefusal(openObjectStore(swift.location('no-such-bucket')), 'UNAVAILABLE')
  })
})

describe('a server that stops in the middle and comes back', () => {
  const content = Buffer.alloc(20 * 1024 * 1024, 'content ')
  const names = Array.from({ length: 5 }, (_, index) => `page/${index}`)
  let store: ObjectStore

  beforeAll(async () => {
    await swift.makeBucket('stopping')
    store = openObjectStore(swift.location('stopping'))
    await store.put('key', content)
    for (const name of names) await store.put(name, Buffer.from(name))
  })
  afterAll(() => store.close())

  test('is waited for while it hangs', async () => {
    swift.pause()
    const answers = Promise.all([store.get('key'), store.find('page/0'), collectObjects(store.list('page/'))])
    await sleep(1500)
    swift.resume()
    const [bytes, found, listed] = await answers
    expect(bytes.equals(content)).toBe(true)
    expect(found).toMatchObject({ sizeBytes: 6 })
    expect(listed.map(({ key }) => key)).toEqual(names)
  })

  test('ends a listing with an error when it crashes between two pages', async () => {
    const contract = openObjectStore(swift.location(CONTRACT)) // it has left 1050 objects, two pages
    const listing = contract.list('many/')[Symbol.asyncIterator]()
    expect((await listing.next()).value).toMatchObject({ key: 'many/0000' })
    await swift.crash()
    const rest = collectObjects({ [Symbol.asyncIterator]: () => listing })
    await expect(rest).rejects.toMatchObject({ kind: 'UNAVAILABLE' })
    await swift.start()
    expect(await collectObjects(contract.list('many/'))).toHaveLength(1050)
    await contract.close()
  })

  test('gives whole objects or an error while it crashes, and all of them when it is back', async () => {
    const reads = Array.from({ length: 8 }, () => store.get('key'))
    await Promise.race(reads)
    await swift.crash()
    for (const read of await Promise.allSettled(reads)) {
      if (read.status === 'fulfilled') expect(read.value.equals(content)).toBe(true)
      else expect(read.reason).toMatchObject({ kind: 'UNAVAILABLE' })
    }
    for (const [name, call] of Object.entries(readings(store)))
      await expect(call(), name).rejects.toMatchObject({ kind: 'UNAVAILABLE' })

    await swift.start()
    expect((await store.get('key')).equals(content)).toBe(true)
    expect((await collectObjects(store.list('page/'))).map(({ key }) => key)).toEqual(names)
  })

  test('keeps the old object when it crashes while the new one is sent', async () => {
    const sent = store.put('key', Buffer.alloc(200 * 1024 * 1024, 'other '))
    await sleep(150)
    await Promise.all([swift.crash(), expect(sent).rejects.toMatchObject({ kind: 'UNAVAILABLE' })])
    await swift.start()
    expect((await store.get('key')).equals(content)).toBe(true)
    await store.put('key', Buffer.from('new'))
    expect((await store.get('key')).toString()).toBe('new')
    expect((await collectObjects(store.list())).map(({ key }) => key)).toEqual(['key', ...names])
  })
})
