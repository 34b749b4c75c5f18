import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ObjectStore, StoredObject } from '#lib/platform/object-store/object-store.ts'

/** Names that break stores which build paths, URLs or XML from them without care. */
const AWKWARD_KEYS = [
  'a b/c d.jpg',
  'plus+plus.jpg',
  'hash#question?.jpg',
  'percent%2Fslash.jpg',
  'percent%',
  'line\nbreak.jpg',
  `quote'"<&>.jpg`,
  '__proto__/constructor.jpg',
  'umlaut-\u00e9.jpg',
  'umlaut-e\u0301.jpg',
  'emoji-🫁/🩻.png',
  'Case.jpg',
  'case.jpg',
  '.hidden',
  'a'.repeat(200),
]

const BAD_KEYS = [
  '',
  '/absolute',
  '..',
  '../up',
  'a/../../up',
  'a/..',
  './a',
  'a//b',
  'a/',
  'nul\0byte',
  'back\\slash',
  '\ud800',
  'x'.repeat(1025),
]

export async function collectObjects(listing: AsyncIterable<StoredObject>): Promise<StoredObject[]> {
  const found: StoredObject[] = []
  for await (const object of listing) found.push(object)
  return found.sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** What every object store must do; `open` gives a fresh, empty one. */
export function describeObjectStore(name: string, open: () => Promise<ObjectStore>): void {
  describe(name, () => {
    let store: ObjectStore
    const keys = async (prefix?: string): Promise<string[]> =>
      (await collectObjects(store.list(prefix))).map(({ key }) => key)

    beforeAll(async () => {
      store = await open()
    })
    afterAll(async () => {
      await store.close()
    })

    test('lets us in and is empty at first', async () => {
      await store.check()
      expect(await keys()).toEqual([])
    })

    test('gives back what was put, empty objects included', async () => {
      const bytes = Buffer.from([0, 1, 2, 253, 254, 255])
      await store.put('round/trip.bin', bytes)
      await store.put('round/empty.bin', new Uint8Array())
      expect(await store.get('round/trip.bin')).toEqual(bytes)
      expect(await store.get('round/empty.bin')).toHaveLength(0)
      expect(await store.find('round/trip.bin')).toMatchObject({ sizeBytes: 6, kind: 'object' })
    })

    test.each([0, 6, 20 * 1024 * 1024])('takes a file of %i bytes as it is', async (sizeBytes) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'sr-content-'))
      const file = path.join(folder, 'file')
      const bytes = Buffer.from(Uint8Array.from({ length: sizeBytes }, (_, i) => i % 251))
      writeFileSync(file, bytes)
      await store.put('round/file.bin', { path: file, sizeBytes })
      expect((await store.get('round/file.bin')).equals(bytes)).toBe(true)
      rmSync(folder, { recursive: true })
    })

    test('keeps every awkward name apart from listing to fetching', async () => {
      for (const key of AWKWARD_KEYS) await store.put(`awkward/${key}`, Buffer.from(key))
      const listed = await keys('awkward/')
      expect(listed).toEqual(AWKWARD_KEYS.map((key) => `awkward/${key}`).sort())
      for (const key of listed) expect(`awkward/${await store.get(key)}`).toBe(key)
    })

    test('refuses keys that climb or that no store can keep, for every call', async () => {
      for (const key of BAD_KEYS) {
        const refusal = { code: 'BAD_KEY' }
        await expect(store.get(key), key).rejects.toMatchObject(refusal)
        await expect(store.getRange(key, 0, 0), key).rejects.toMatchObject(refusal)
        await expect(store.put(key, Buffer.from('x')), key).rejects.toMatchObject(refusal)
        await expect(store.find(key), key).rejects.toMatchObject(refusal)
        await expect(store.delete(key), key).rejects.toMatchObject(refusal)
      }
      await expect(collectObjects(store.list('../'))).rejects.toMatchObject({ code: 'BAD_KEY' })
    })

    test('reads exactly the asked range and refuses one beyond the end', async () => {
      await store.put('range', Buffer.from('0123456789'))
      expect((await store.getRange('range', 0, 0)).toString()).toBe('0')
      expect((await store.getRange('range', 3, 9)).toString()).toBe('3456789')
      for (const [start, end] of [
        [5, 10],
        [10, 11],
        [4, 3],
        [-1, 2],
        [0.5, 2],
      ] as const) {
        await expect(store.getRange('range', start, end)).rejects.toMatchObject({ code: 'BAD_RANGE' })
      }
    })

    test('refuses an object above the stated limit and gives one at it', async () => {
      await store.put('limit', Buffer.alloc(1000))
      expect(await store.get('limit', { maxBytes: 1000 })).toHaveLength(1000)
      await expect(store.get('limit', { maxBytes: 999 })).rejects.toMatchObject({ kind: 'TOO_LARGE' })
    })

    test('says that a missing object is missing', async () => {
      await expect(store.get('no/such/key')).rejects.toMatchObject({ kind: 'NOT_FOUND' })
      await expect(store.getRange('no/such/key', 0, 1)).rejects.toMatchObject({ kind: 'NOT_FOUND' })
      expect(await store.find('no/such/key')).toBeNull()
      expect(await keys('no/such/')).toEqual([])
    })

    test('forgets a deleted object, also when it is deleted again', async () => {
      await store.put('gone', Buffer.from('x'))
      await store.delete('gone')
      await store.delete('gone')
      await store.delete('never/was')
      expect(await store.find('gone')).toBeNull()
      expect(await keys('gone')).toEqual([])
    })

    test('lists what starts with the prefix, be it a folder or the start of a name', async () => {
      for (const key of ['p/one/a', 'p/one/b', 'p/one-more', 'p/two/a'])
        await store.put(key, Buffer.from(key))
      expect(await keys('p/one/')).toEqual(['p/one/a', 'p/one/b'])
      expect(await keys('p/one')).toEqual(['p/one-more', 'p/one/a', 'p/one/b'])
      expect(await keys('p/')).toHaveLength(4)
      expect(await keys('p/none')).toEqual([])
    })

    test('changes the revision when the content changes, and lists the one that find gives', async () => {
      await store.put('revision', Buffer.from('one'))
      await new Promise((resolve) => setTimeout(resolve, 250))
      const first = await store.find('revision')
      expect(await store.find('revision')).toEqual(first)
      expect(await collectObjects(store.list('revision'))).toEqual([first])
      await store.put('revision', Buffer.from('two'))
      await new Promise((resolve) => setTimeout(resolve, 250))
      expect((await store.find('revision'))?.revision).not.toBe(first?.revision)
      expect((await store.get('revision')).toString()).toBe('two')
    })

    test('shows either the old or the new whole object while it is replaced', async () => {
      const versions = [Buffer.alloc(300_000, 'a'), Buffer.alloc(300_000, 'b')]
      const allowed = new Set(versions.map((bytes) => createHash('sha256').update(bytes).digest('hex')))
      await store.put('replaced', versions[0] ?? Buffer.alloc(0))
      let writing = true
      const writes = (async () => {
        for (let turn = 0; turn < 10; turn += 1)
          await store.put('replaced', versions[turn % 2] ?? Buffer.alloc(0))
        writing = false
      })()
      while (writing) {
        const seen = createHash('sha256')
          .update(await store.get('replaced'))
          .digest('hex')
        expect(allowed).toContain(seen)
      }
      await writes
    })

    test('lists more objects than one page holds, each once', async () => {
      const wanted = Array.from({ length: 1050 }, (_, index) => `many/${String(index).padStart(4, '0')}`)
      for (let at = 0; at < wanted.length; at += 50) {
        await Promise.all(wanted.slice(at, at + 50).map((key) => store.put(key, Buffer.from(key))))
      }
      expect(await keys('many/')).toEqual(wanted)
    }, 60_000)

    test('keeps a large object to the last byte', async () => {
      const bytes = Buffer.alloc(40 * 1024 * 1024 + 1)
      for (let at = 0; at < bytes.length; at += 4096)
        bytes.writeUInt32LE(at % 65_521, Math.min(at, bytes.length - 4))
      await store.put('large', bytes)
      expect((await store.get('large')).equals(bytes)).toBe(true)
      expect(await store.getRange('large', bytes.length - 4, bytes.length - 1)).toEqual(bytes.subarray(-4))
      await new Promise((resolve) => setTimeout(resolve, 250))
      expect(await collectObjects(store.list('large'))).toEqual([await store.find('large')])
    }, 60_000)
  })
}
