import { rm, utimes } from 'node:fs/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { LeaseLost } from '#lib/platform/lease/lease.ts'
import { type DatasetBench, openDatasetBench } from '#tests/support/test-datasets.ts'
import { makePng } from '#tests/support/test-images.ts'
import { createSnapshot } from './create-snapshot.ts'
import { scanNextSnapshot } from './scan.ts'
import { claimScan, releaseScan } from './scan-claim.ts'
import { getSnapshot } from './snapshot-queries.ts'

let bench: DatasetBench
beforeAll(async () => {
  bench = await openDatasetBench()
})
afterAll(async () => {
  await bench.close()
})
beforeEach(() => {
  bench.reads.length = 0
  bench.beforeRead = async () => undefined
})

const png = (note: string): Buffer => makePng({ note })

describe('a scan of what was scanned before', () => {
  test('reads only what changed and keeps earlier snapshots as they were', async () => {
    const files = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`c/${n}.png`, png(`${n}`)]))
    await bench.register('again', { ...files, 'c/copy.png': png('0') })
    await bench.settle()
    const first = await bench.scan('again')
    expect(first).toMatchObject({ images: 20, listed: 21, hashed: 21 })
    bench.reads.length = 0
    expect(await bench.scan('again')).toMatchObject({ hashed: 0, manifestSha256: first.manifestSha256 })
    expect(bench.reads).toEqual([])

    await bench.write('again', { 'c/3.png': png('three'), 'c/new.png': png('new') })
    await rm(`${bench.folder}/again/c/7.png`)
    const third = await bench.scan('again')
    expect(third).toMatchObject({ images: 20, listed: 21, hashed: 2 })
    expect(third.manifestSha256).not.toBe(first.manifestSha256)
    expect(bench.reads.sort()).toEqual(['c/3.png', 'c/new.png'])
    expect(await getSnapshot(bench.context(), { dataset: 'again', id: first.id })).toEqual(first)
  })

  test('sees new bytes of the same size under the same time stamp', async () => {
    await bench.register('sly', { 'c/a.png': png('1'), 'c/b.png': png('b') })
    const stamp = new Date('2020-01-01T00:00:00Z')
    await utimes(`${bench.folder}/sly/c/a.png`, stamp, stamp)
    await bench.settle()
    const first = await bench.scan('sly')
    await bench.write('sly', { 'c/a.png': png('2') })
    await utimes(`${bench.folder}/sly/c/a.png`, stamp, stamp)
    await bench.settle()
    expect((await bench.scan('sly')).manifestSha256).not.toBe(first.manifestSha256)
  })

  test('finds the same manifest for the same files whatever came between', async () => {
    await bench.register('back', { 'c/a.png': png('1'), 'c/b.png': png('b') })
    const first = await bench.scan('back')
    await bench.write('back', { 'c/a.png': png('2') })
    await bench.scan('back')
    await bench.write('back', { 'c/a.png': png('1') })
    expect((await bench.scan('back')).manifestSha256).toBe(first.manifestSha256)
  })
})

describe('a scan that was cut off', () => {
  const files = Object.fromEntries(
    Array.from({ length: 1200 }, (_, n) => [`c${n % 3}/${n}.png`, png(`${n}`)]),
  )
  const expireLease = () =>
    bench.db.execute(sql`update dataset_snapshots set lease_until = clock_timestamp() - interval '1 s'
      where status = 'scanning' and lease_until is not null`)
  const images = () => bench.db.execute<{ n: string }>(sql`select count(*) as n from images`)

  test('is taken over, reads only the rest, and ends like one that was not', async () => {
    await bench.register('whole', files)
    await bench.settle()
    const whole = await bench.scan('whole')
    expect(whole).toMatchObject({ status: 'ready', images: 1200, hashed: 1200 })

    await bench.register('cut', files)
    await bench.settle()
    const { id } = await createSnapshot(bench.context(), { dataset: 'cut' })
    let reads = 0
    const stuck = Promise.withResolvers<void>()
    const stopped = Promise.withResolvers<void>()
    bench.beforeRead = async () => {
      reads += 1
      if (reads < 900) return
      if (reads === 907) stopped.resolve() // all eight readers are stuck
      await stuck.promise
    }
    const abandoned = scanNextSnapshot(bench.context(), bench.sources)
    await stopped.promise
    expect(await scanNextSnapshot(bench.context(), bench.sources)).toBe(false)
    expect(await getSnapshot(bench.context(), { dataset: 'cut', id })).toMatchObject({
      status: 'scanning',
      images: 500,
    })

    await expireLease()
    bench.beforeRead = async () => undefined
    bench.reads.length = 0
    expect(await scanNextSnapshot(bench.context(), bench.sources)).toBe(true)
    const cut = await getSnapshot(bench.context(), { dataset: 'cut', id })
    expect(cut).toMatchObject({
      status: 'ready',
      images: 1200,
      listed: 1200,
      manifestSha256: whole.manifestSha256,
    })
    expect(bench.reads).toHaveLength(700)

    const before = await images()
    stuck.resolve()
    await abandoned
    expect((await images()).rows).toEqual(before.rows)
    expect(await getSnapshot(bench.context(), { dataset: 'cut', id })).toEqual(cut)
  })

  test('is given back at once when the process stops in order', async () => {
    await bench.register('stopped', Object.fromEntries(Object.entries(files).slice(0, 50)))
    const { id } = await createSnapshot(bench.context(), { dataset: 'stopped' })
    const stop = new AbortController()
    bench.beforeRead = async () => stop.abort()
    await scanNextSnapshot(bench.context(), bench.sources, stop.signal)
    expect(bench.reads.length).toBeLessThan(50)
    expect(await getSnapshot(bench.context(), { dataset: 'stopped', id })).toMatchObject({
      status: 'scanning',
    })
    bench.beforeRead = async () => undefined
    expect(await scanNextSnapshot(bench.context(), bench.sources)).toBe(true)
    expect(await getSnapshot(bench.context(), { dataset: 'stopped', id })).toMatchObject({
      status: 'ready',
      images: 50,
    })
  })

  test('is given back when the database was away for long, and is no interruption', async () => {
    await bench.register('slow', { 'c/a.png': png('a'), 'c/b.png': png('b') })
    const { id } = await createSnapshot(bench.context(), { dataset: 'slow' })
    for (let outages = 0; outages < 12; outages++) {
      const fence = new AbortController()
      bench.beforeRead = async () => fence.abort(new LeaseLost('The database was away.'))
      expect(await scanNextSnapshot(bench.context(), bench.sources, fence.signal)).toBe(true)
    }
    bench.beforeRead = async () => undefined
    expect(await scanNextSnapshot(bench.context(), bench.sources)).toBe(true)
    expect(await getSnapshot(bench.context(), { dataset: 'slow', id })).toMatchObject({ status: 'ready' })
  })

  test('may be given back in order as often as one likes', async () => {
    await bench.register('restarted', { 'c/a.png': png('a') })
    const { id } = await createSnapshot(bench.context(), { dataset: 'restarted' })
    for (let restarts = 0; restarts < 25; restarts++) {
      const claim = await claimScan(bench.db)
      expect(claim?.id).toBe(id)
      if (claim !== null) await releaseScan(bench.db, claim)
    }
    expect(await scanNextSnapshot(bench.context(), bench.sources)).toBe(true)
    expect(await getSnapshot(bench.context(), { dataset: 'restarted', id })).toMatchObject({
      status: 'ready',
    })
  })

  test('is given up when it was cut off too often', async () => {
    await bench.register('poison', { 'c/a.png': png('a') })
    const { id } = await createSnapshot(bench.context(), { dataset: 'poison' })
    await bench.db.execute(sql`update dataset_snapshots set epoch = 10 where id = ${id}`)
    await scanNextSnapshot(bench.context(), bench.sources)
    const snapshot = await getSnapshot(bench.context(), { dataset: 'poison', id })
    expect(snapshot).toMatchObject({ status: 'failed', failureCode: 'SCAN_INTERRUPTED' })
  })
})
