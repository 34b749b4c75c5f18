import { expect, it } from 'vitest'
import type { Database } from '#db/client.ts'
import { taskActor } from '#lib/platform/context.ts'
import { waitUntil } from '#tests/support/wait-until.ts'
import { heavyReadsOf } from './heavy-reads.ts'
import { holdExport } from './hold-export.ts'

async function* numbered(count: number): AsyncGenerator<string> {
  for (let page = 0; page < count; page++) yield String(page)
}

/** Nothing is asked of the database: it only names the queue. */
function newAsker(signal?: AbortSignal) {
  const asker = { db: {} as Database, actor: taskActor('reader'), ...(signal && { signal }) }
  const { exports } = heavyReadsOf(asker.db)
  /** True when the caller holds no place: another export of theirs does not have to wait. */
  const isFree = async () => {
    try {
      const leave = await exports.enter({ caller: 'reader', signal: AbortSignal.timeout(20) })
      leave()
      return true
    } catch {
      return false
    }
  }
  return { asker, isFree }
}

it('gives all pages, and the place back at the end', async () => {
  const { asker, isFree } = newAsker()
  const pages = await holdExport(asker, numbered(3))
  expect(await isFree()).toBe(false)
  expect(await Array.fromAsync(pages)).toEqual(['0', '1', '2'])
  expect(await isFree()).toBe(true)
})

it('gives the place back when the reader stops before the end', async () => {
  const { asker, isFree } = newAsker()
  const pages = await holdExport(asker, numbered(3))
  await pages.next()
  await pages.return(undefined)
  expect(await isFree()).toBe(true)
})

it('gives the place back when the caller leaves before the first page', async () => {
  const leave = new AbortController()
  const { asker, isFree } = newAsker(leave.signal)
  await holdExport(asker, numbered(3))
  leave.abort()
  expect(await isFree()).toBe(true)
})

it('ends an export that is not read', async () => {
  const { asker, isFree } = newAsker()
  let isHeld = true
  async function* held(): AsyncGenerator<string> {
    try {
      yield* numbered(3)
    } finally {
      isHeld = false
    }
  }
  const pages = await holdExport(asker, held(), { stallMs: 10 })
  expect((await pages.next()).value).toBe('0')
  await waitUntil('the place is free', isFree)
  expect(isHeld).toBe(false)
  await expect(pages.next()).rejects.toThrow('not read for too long')
})

it('gives the place back when a page fails', async () => {
  const { asker, isFree } = newAsker()
  async function* failing(): AsyncGenerator<string> {
    yield 'one'
    throw new Error('away')
  }
  await expect(Array.fromAsync(await holdExport(asker, failing()))).rejects.toThrow('away')
  expect(await isFree()).toBe(true)
})
