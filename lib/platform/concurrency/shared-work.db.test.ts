import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '#db/client.ts'
import { taskActor } from '#lib/platform/context.ts'
import { createTestDatabase, type TestDatabase } from '#tests/support/test-database.ts'
import { waitUntil } from '#tests/support/wait-until.ts'
import type { Asker } from './heavy-reads.ts'
import { SharedWork } from './shared-work.ts'

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

const asker = (name: string, signal?: AbortSignal): Asker => ({
  db: opened.db,
  actor: taskActor(name),
  ...(signal && { signal }),
})

/** Work that says when it is asked for, and ends when it is told to or its signal aborts. */
function openWork() {
  const gate = Promise.withResolvers<string>()
  let begun = 0
  let stopped = 0
  const make = async ({ signal }: { signal: AbortSignal }) => {
    begun += 1
    const aborted = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => {
        stopped += 1
        reject(signal.reason)
      }),
    )
    return await Promise.race([gate.promise, aborted])
  }
  return { make, end: gate.resolve, counts: () => ({ begun, stopped }) }
}

describe('shared work', () => {
  it('is done once for all who ask the same, and kept for who asks next', async () => {
    const shared = new SharedWork<string>('once')
    const work = openWork()
    const asked = ['a', 'b', 'a', 'a', 'c'].map((name) => shared.get(asker(name), 'key', work.make))
    work.end('answer')
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 5 }, () => 'answer'))
    expect(await shared.get(asker('d'), 'key', work.make)).toBe('answer')
    expect(work.counts()).toEqual({ begun: 1, stopped: 0 })
    expect(new SharedWork<string>('once').findDone(opened.db, 'key')).toBe('answer')
  })

  it('goes on while one of those who asked is there, and ends with the last', async () => {
    const shared = new SharedWork<string>('left')
    const work = openWork()
    const [first, second] = [new AbortController(), new AbortController()]
    const one = shared.get(asker('a', first.signal), 'key', work.make)
    const two = shared.get(asker('b', second.signal), 'key', work.make)
    first.abort(new Error('gone'))
    await expect(one).rejects.toThrow('gone')
    expect(work.counts().stopped).toBe(0)
    second.abort(new Error('gone'))
    await expect(two).rejects.toThrow('gone')
    await waitUntil('the work has ended', () => work.counts().stopped === 1)
    const again = openWork()
    again.end('anew')
    expect(await shared.get(asker('a'), 'key', again.make)).toBe('anew')
  })

  it('of those who left before their turn is never begun', async () => {
    const shared = new SharedWork<string>('abandoned')
    const leave = new AbortController()
    const abandoned = openWork()
    const first = openWork()
    const working = shared.get(asker('someone'), 'first', first.make)
    // More callers than places: at least half of them wait.
    const left = Array.from({ length: 20 }, (_, i) =>
      shared.get(asker(`caller ${i}`, leave.signal), `question ${i}`, abandoned.make),
    )
    const settled = Promise.allSettled(left)
    const begunBefore = abandoned.counts().begun
    leave.abort(new Error('gone'))
    expect((await settled).map(({ status }) => status)).toEqual(left.map(() => 'rejected'))
    first.end('done')
    await working
    const honest = openWork()
    honest.end('honest')
    expect(await shared.get(asker('honest'), 'honest', honest.make)).toBe('honest')
    expect(abandoned.counts().begun).toBe(begunBefore)
  })

  it('that fails is forgotten, and done anew for who asks next', async () => {
    const shared = new SharedWork<string>('failing')
    const fail = () => Promise.reject(new Error('failed'))
    await expect(shared.get(asker('a'), 'key', fail)).rejects.toThrow('failed')
    expect(await shared.get(asker('a'), 'key', async () => 'well')).toBe('well')
  })

  it('keeps as many answers as their sizes allow, those that were asked for last', async () => {
    const third = 70 * 2 ** 20
    const sizes = { w: 1, x: third, y: third, z: third, huge: 100 * third }
    const shared = new SharedWork<string>('sized', {
      bytesOf: (text) => sizes[text.replace(/\d/, '') as 'w'],
    })
    let made = 0
    const ask = (key: keyof typeof sizes) => shared.get(asker('a'), key, async () => `${key}${++made}`)
    expect([await ask('w'), await ask('x'), await ask('y'), await ask('x'), await ask('z')]).toEqual(
      ['w1', 'x2', 'y3', 'x2', 'z4'], // y makes room for z
    )
    expect([await ask('x'), await ask('z'), await ask('y')]).toEqual(['x2', 'z4', 'y5'])
    expect([await ask('huge'), await ask('huge'), await ask('y')]).toEqual(['huge6', 'huge6', 'y7'])
  })

  it('has its statements ended with it', async () => {
    const shared = new SharedWork<unknown>('statements')
    const leave = new AbortController()
    const asked = shared.get(asker('a', leave.signal), 'key', async ({ db }) => {
      for (;;) await db.execute(sql`select 1`)
    })
    leave.abort(new Error('gone'))
    await expect(asked).rejects.toThrow('gone')
    expect(await shared.get(asker('a'), 'other', async () => 'free again')).toBe('free again')
  })
})
