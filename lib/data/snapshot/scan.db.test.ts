import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { link, rename, rm, symlink } from 'node:fs/promises'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { datasets } from '#db/schema/dataset.ts'
import { getDataset } from '#lib/data/dataset/queries.ts'
import { registerDataset } from '#lib/data/dataset/register.ts'
import { listImages } from '#lib/data/image/image-queries.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { type DatasetBench, openDatasetBench } from '#tests/support/test-datasets.ts'
import { makeJpegHead, makePng } from '#tests/support/test-images.ts'
import { createSnapshot } from './create-snapshot.ts'
import { scanNextSnapshot } from './scan.ts'
import type { SnapshotView } from './schema.ts'
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
const skippedOf = (snapshot: SnapshotView): (readonly [string, string])[] =>
  snapshot.skipped.map(({ file, code }) => [file, code] as const)
const endPause = (id: string) =>
  bench.db.execute(
    sql`update dataset_snapshots set lease_until = clock_timestamp() - interval '1 s' where id = ${id}`,
  )
const keysOf = async (dataset: string): Promise<string[]> =>
  (await listImages(bench.context(), { dataset, after: null, take: 500 })).map(({ key }) => key).sort()
describe('a scan', () => {
  test('makes every file an image or a skipped file with its reason', async () => {
    await bench.register('every', {
      'lung-covid/a.png': makePng({ width: 30, height: 20, note: 'a' }),
      'lung-covid/b.jpg': makeJpegHead({ width: 5, height: 4 }),
      'lung-covid/jpeg-in-disguise.png': makeJpegHead({ width: 6 }),
      'lung-covid/empty.png': Buffer.alloc(0),
      'lung-covid/notes.txt': Buffer.from('notes'),
      'lung-covid/page.png': Buffer.from('<html>'),
      'lung-covid/cut.png': png('cut').subarray(0, 20),
      'lung-covid/.hidden.png': png('hidden'),
      'lung-covid/._a.png': png('fork'),
      'lung-covid/Thumbs.db': png('thumbs'),
      'lung-covid/deeper/c.png': png('c'),
      'lung-normal/.DS_Store': Buffer.from('x'),
      'root.png': png('root'),
    })
    const folder = `${bench.folder}/every`
    await symlink('/etc', `${folder}/etc`)
    await symlink('a.png', `${folder}/lung-covid/link.png`)
    await symlink('..', `${folder}/lung-covid/loop`)
    execFileSync('mkfifo', [`${folder}/lung-covid/pipe.png`])
    const snapshot = await bench.scan('every')
    expect(snapshot).toMatchObject({ status: 'ready', images: 3, listed: 17, skippedCount: 14 })
    expect(skippedOf(snapshot)).toEqual([
      ['etc', 'LINK'],
      ['lung-covid/._a.png', 'SYSTEM_FILE'],
      ['lung-covid/.hidden.png', 'HIDDEN_FILE'],
      ['lung-covid/Thumbs.db', 'SYSTEM_FILE'],
      ['lung-covid/cut.png', 'CORRUPT_HEADER'],
      ['lung-covid/deeper/c.png', 'NESTED'],
      ['lung-covid/empty.png', 'EMPTY_FILE'],
      ['lung-covid/link.png', 'LINK'],
      ['lung-covid/loop', 'LINK'],
      ['lung-covid/notes.txt', 'NOT_AN_IMAGE'],
      ['lung-covid/page.png', 'NOT_AN_IMAGE'],
      ['lung-covid/pipe.png', 'SPECIAL_FILE'],
      ['lung-normal/.DS_Store', 'SYSTEM_FILE'],
      ['root.png', 'NO_FINDING_CLASS'],
    ])
    const images = await listImages(bench.context(), { dataset: 'every', after: null, take: 10 })
    expect(images.find(({ key }) => key === 'lung-covid/a.png')).toMatchObject({ width: 30, height: 20 })
  })

  test('keeps awkward names apart and reads the patient from them', async () => {
    const names = ['a b', 'a+b', 'a#b', 'a%2Fb', 'a?b', 'a\nb', '🫁', '<img onerror>', 'p17_x']
    const classes = ['__proto__', 'constructor', "=cmd|' calc'!A0"]
    const files = classes.flatMap((folder) => names.map((name) => `${folder}/${name}.png`))
    const contents = Object.fromEntries(files.map((file) => [file, png(file)]))
    await bench.register('awkward', contents, { patientPattern: '^p(\\d+)_' })
    expect(await bench.scan('awkward')).toMatchObject({ status: 'ready', images: files.length, skipped: [] })
    expect(await keysOf('awkward')).toEqual(files.sort())
    const dataset = await getDataset(bench.context(), { name: 'awkward' })
    expect(dataset.patients).toBe(1)
    expect(dataset.findingClasses.map(({ findingClass }) => findingClass)).toEqual(classes.sort())
  })

  test('loses neither of two names that differ in their Unicode spelling alone', async () => {
    const composed = 'c/\u00e9.png'
    const decomposed = 'c/e\u0301.png'
    await bench.register('twins', { [composed]: png('1'), [decomposed]: png('2'), 'c/u\u0308.png': png('3') })
    const first = await bench.scan('twins')
    expect(first).toMatchObject({ status: 'ready', images: 3, listed: 3 })
    expect(await keysOf('twins')).toEqual([composed, decomposed, 'c/\u00fc.png'].sort())
    await bench.settle()
    await bench.scan('twins')
    bench.reads.length = 0
    expect(await bench.scan('twins')).toMatchObject({ manifestSha256: first.manifestSha256, hashed: 0 })
    expect(bench.reads).toEqual([])
  })

  test('counts equal bytes of one finding class once, under the smallest key', async () => {
    await bench.register('double', {
      'c/b.png': png('same'),
      'c/a.png': png('same'),
      'c/z.png': png('other'),
    })
    await link(`${bench.folder}/double/c/a.png`, `${bench.folder}/double/c/hard.png`)
    const snapshot = await bench.scan('double')
    expect(snapshot).toMatchObject({ status: 'ready', images: 2 })
    expect(await keysOf('double')).toEqual(['c/a.png', 'c/z.png'])
    expect(snapshot.skipped).toEqual([
      { file: 'c/b.png', code: 'DUPLICATE', detail: 'Same bytes as c/a.png' },
      { file: 'c/hard.png', code: 'DUPLICATE', detail: 'Same bytes as c/a.png' },
    ])
  })

  test('refuses equal bytes in two finding classes, unless that is allowed, then and later', async () => {
    await bench.register('conflict', { 'a/x.png': png('same'), 'b/y.png': png('same'), 'b/z.png': png('z') })
    const failed = await bench.scan('conflict')
    expect(failed).toMatchObject({ status: 'failed', failureCode: 'LABEL_CONFLICT', manifestSha256: null })
    expect(failed.failureDetail).toContain('a/x.png, b/y.png')
    expect(skippedOf(failed)).toEqual([
      ['a/x.png', 'LABEL_CONFLICT'],
      ['b/y.png', 'LABEL_CONFLICT'],
    ])
    const allowed = await bench.scan('conflict', { allowLabelConflicts: true })
    expect(allowed).toMatchObject({ status: 'ready', images: 3, skipped: [] })
    expect(await bench.scan('conflict')).toMatchObject({ status: 'ready', allowLabelConflicts: true })
    expect(await bench.scan('conflict', { allowLabelConflicts: false })).toMatchObject({ status: 'failed' })
  })

  test('fails with a name for it when there is no image', async () => {
    await bench.register('empty', {})
    expect(await bench.scan('empty')).toMatchObject({ status: 'failed', failureCode: 'EMPTY_DATASET' })
    await bench.write('empty', { 'c/readme.txt': Buffer.from('nothing here') })
    expect(await bench.scan('empty')).toMatchObject({ status: 'failed', failureCode: 'EMPTY_DATASET' })
  })

  test('skips a file that it may not read, and fails when it may read none', async () => {
    await bench.register('closed', { 'c/a.png': png('a'), 'c/b.png': png('b') })
    bench.beforeRead = async (key) => {
      if (key === 'c/a.png') throw new ServiceError('FORBIDDEN', 'no')
    }
    const one = await bench.scan('closed')
    expect(one).toMatchObject({ status: 'ready', images: 1 })
    expect(skippedOf(one)).toEqual([['c/a.png', 'UNREADABLE']])
    bench.beforeRead = async () => {
      throw new ServiceError('FORBIDDEN', 'no')
    }
    await bench.write('closed', { 'c/b.png': png('b2') })
    expect(await bench.scan('closed')).toMatchObject({ status: 'failed', failureCode: 'UNREADABLE' })
  })

  test('skips a file that is deleted between listing and reading', async () => {
    await bench.register('vanishing', { 'c/a.png': png('a'), 'c/b.png': png('b') })
    bench.beforeRead = async (key) => {
      if (key === 'c/a.png') await rm(`${bench.folder}/vanishing/c/a.png`)
    }
    const snapshot = await bench.scan('vanishing')
    expect(snapshot).toMatchObject({ status: 'ready', images: 1 })
    expect(skippedOf(snapshot)).toEqual([['c/a.png', 'NOT_FOUND']])
  })

  test('waits for a store that is away, says so, and ends like one that did not wait', async () => {
    await bench.register('away', { 'c/a.png': png('a'), 'c/b.png': png('b') })
    let isAway = true
    bench.beforeRead = async (key) => {
      if (isAway && key === 'c/b.png') throw new ServiceError('UNAVAILABLE', 'The bucket does not answer.')
    }
    const { id } = await createSnapshot(bench.context(), { dataset: 'away' })
    const scan = async () => {
      await scanNextSnapshot(bench.context(), bench.sources)
      return await getSnapshot(bench.context(), { dataset: 'away', id })
    }
    for (let looks = 0; looks < 15; looks++) {
      expect(await scan()).toMatchObject({
        status: 'scanning',
        failureCode: 'STORE_AWAY',
        failureDetail: 'The bucket does not answer.',
      })
      expect(await scanNextSnapshot(bench.context(), bench.sources)).toBe(false) // not before its pause is over
      await endPause(id)
    }
    isAway = false
    expect(await scan()).toMatchObject({ status: 'ready', images: 2, failureCode: null, failureDetail: null })
  })

  test('fails rather than freeze half a dataset when the store stays away', async () => {
    await bench.register('gone', { 'c/a.png': png('a'), 'c/b.png': png('b') })
    bench.beforeRead = async (key) => {
      if (key === 'c/b.png') throw new ServiceError('UNAVAILABLE', 'gone')
    }
    const { id } = await createSnapshot(bench.context(), { dataset: 'gone' })
    const context = bench.context()
    const aDayLater = { ...context, now: new Date(context.now.getTime() + 86_400_000) }
    await scanNextSnapshot(aDayLater, bench.sources)
    expect(await getSnapshot(context, { dataset: 'gone', id })).toMatchObject({
      status: 'failed',
      failureCode: 'UNAVAILABLE',
    })
    await rm(`${bench.folder}/gone`, { recursive: true })
    expect(await bench.scan('gone')).toMatchObject({ status: 'failed', failureCode: 'LOCATION_NOT_FOUND' })
  })

  test('does not follow a dataset folder that became a link out of the roots', async () => {
    await bench.register('moved', { 'c/a.png': png('a') })
    await rename(`${bench.folder}/moved`, `${bench.folder}/../elsewhere`)
    await symlink(`${bench.folder}/../elsewhere`, `${bench.folder}/moved`)
    expect(await bench.scan('moved')).toMatchObject({
      status: 'failed',
      failureCode: 'LOCATION_OUTSIDE_ROOTS',
    })
    expect(bench.reads).toEqual([])
  })

  test('reads names by a pattern that a backtracking engine would never end with', async () => {
    const patientPattern = '^((a+)+)$'
    await bench.register('slow-pattern', { [`c/${'a'.repeat(60)}!`]: png('a') }, { patientPattern })
    expect(await bench.scan('slow-pattern')).toMatchObject({ status: 'ready', images: 1 })
  })

  test.each(['(a)\\1', '(?=a)(a)', '(?:'])(
    'names the stored pattern %s that is not supported',
    async (stored) => {
      const name = `stored-${stored.length}`
      await bench.register(name, { 'c/a.png': png('a') })
      await bench.db.update(datasets).set({ patientPattern: stored }).where(eq(datasets.name, name))
      expect(await bench.scan(name)).toMatchObject({
        status: 'failed',
        failureCode: 'BAD_PATIENT_PATTERN',
        failureDetail: expect.stringContaining('The patient pattern'),
      })
    },
  )
})

test('a scan lists a file whose path is longer than any key, shortened', async () => {
  await bench.register('deep', { 'c/a.png': png('a') })
  const folders = Array.from({ length: 80 }, () => crypto.randomUUID()).join('/') // 2959 bytes, hardly compressible
  await bench.write('deep', { [`${folders}/b.png`]: png('b') })
  const snapshot = await bench.scan('deep')
  expect(snapshot).toMatchObject({ status: 'ready', images: 1 })
  const name = expect.stringMatching(new RegExp(`^${folders.slice(0, 300)}… \\(SHA-256 [0-9a-f]{64}\\)$`))
  expect(skippedOf(snapshot)).toEqual([[name, 'BAD_NAME']])
})

const radiographs = new URL('../../../../shared/xray', import.meta.url).pathname
if (existsSync(radiographs)) {
  test('scans the real radiographs completely', async () => {
    const sources = { ...bench.sources, datasetRoots: [radiographs] }
    for (const [name, files, twice] of [
      ['train', 451, ['lung-normal/nih-lung-normal-00002658_002.jpg']],
      ['val', 79, []],
      ['final_eval', 186, []],
    ] as const) {
      const location = `file:${radiographs}/${name}`
      const patientPattern = '^nih-.*-(\\d+)_\\d+\\.'
      await registerDataset(bench.context(), sources, { name, location, patientPattern })
      const { id } = await createSnapshot(bench.context(), { dataset: name })
      await scanNextSnapshot(bench.context(), sources)
      const snapshot = await getSnapshot(bench.context(), { dataset: name, id })
      expect(snapshot).toMatchObject({ status: 'ready', images: files - twice.length, listed: files })
      expect(skippedOf(snapshot)).toEqual(twice.map((file) => [file, 'DUPLICATE']))
      const dataset = await getDataset(bench.context(), { name })
      expect(dataset.findingClasses.map(({ findingClass }) => findingClass)).toEqual([
        'lung-covid',
        'lung-normal',
        'lung-pneumonia',
      ])
      expect(dataset.patients).toBeGreaterThan(20)
    }
  })
}
