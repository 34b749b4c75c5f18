import { readdir, readFile, writeFile } from 'node:fs/promises'
import { desc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditEvents } from '#db/schema/audit.ts'
import { imageSourceOf, openDatasetStore } from '#lib/data/dataset-source/sources.ts'
import { findImage, listImages } from '#lib/data/image/image-queries.ts'
import { collectObjects } from '#tests/support/object-store-contract.ts'
import { type ArchivedFile, makeArchive } from '#tests/support/test-archives.ts'
import { type DatasetBench, openDatasetBench } from '#tests/support/test-datasets.ts'
import { makeJpegHead, makePng } from '#tests/support/test-images.ts'
import { registerDataset } from './register.ts'
import { type UploadImagesInput, uploadImages } from './upload.ts'

let bench: DatasetBench
beforeAll(async () => {
  bench = await openDatasetBench()
})
afterAll(async () => {
  await bench.close()
})

let received = 0
async function receive(filename: string, bytes: Uint8Array): Promise<UploadImagesInput['files'][number]> {
  received += 1
  const path = `${bench.folder}/received-${received}`
  await writeFile(path, bytes)
  return { filename, path, sizeBytes: bytes.length }
}

async function upload(name: string, findingClass: string | undefined, files: Record<string, Uint8Array>) {
  const parts = await Promise.all(Object.entries(files).map(([file, bytes]) => receive(file, bytes)))
  return await uploadImages(bench.context(), bench.sources, { dataset: name, findingClass, files: parts })
}

async function uploadArchive(
  name: string,
  files: readonly ArchivedFile[],
  limits?: UploadImagesInput['limits'],
) {
  const archive = await receive('images.zip', makeArchive(files))
  const input = { dataset: name, files: [archive], ...(limits === undefined ? {} : { limits }) }
  return await uploadImages(bench.context(), bench.sources, input)
}

const own = async (name: string): Promise<string> => {
  await registerDataset(bench.context(), bench.sources, { name })
  return name
}
const storedKeys = async (name: string): Promise<string[]> =>
  (await collectObjects(bench.sources.objectStore.list(`datasets/${name}/`))).map(({ key }) => key)
const png = (note: string): Buffer => makePng({ note })

test('uploaded images are stored, scanned, listed page by page, and found again by their id', async () => {
  await own('mine')
  expect(await upload('mine', 'lung-covid', { 'a.png': png('a'), 'b.jpg': makeJpegHead() })).toEqual({
    stored: 2,
    skipped: [],
    notes: [],
  })
  await upload('mine', 'lung-normal', { 'c d.png': png('c') })
  expect(await storedKeys('mine')).toEqual([
    'datasets/mine/lung-covid/a.png',
    'datasets/mine/lung-covid/b.jpg',
    'datasets/mine/lung-normal/c d.png',
  ])
  expect(await bench.scan('mine')).toMatchObject({ status: 'ready', images: 3 })

  const first = await listImages(bench.context(), { dataset: 'mine', after: null, take: 2 })
  const last = first[1]
  const after = [last?.snapshotId ?? '', last?.id ?? 0]
  await upload('mine', 'lung-normal', { 'later.png': png('later') })
  await bench.scan('mine')
  const rest = await listImages(bench.context(), { dataset: 'mine', after, take: 2 })
  expect([...first, ...rest].map(({ key }) => key).sort()).toEqual([
    'lung-covid/a.png',
    'lung-covid/b.jpg',
    'lung-normal/c d.png',
  ])
  const covid = { dataset: 'mine', findingClass: 'lung-covid', after: null, take: 10 }
  expect(await listImages(bench.context(), covid)).toHaveLength(2)

  const image = await findImage(bench.context(), rest[0]?.id ?? 0)
  if (image === null) throw new Error('The listed image is not there.')
  const store = await openDatasetStore(bench.sources, image.dataset)
  const bytes = await store.get(image.objectKey)
  const source = imageSourceOf(bench.sources, image.dataset, image.objectKey)
  expect(source.location).toBeNull()
  expect(await bench.sources.objectStore.get(source.key)).toEqual(bytes)
  expect(bytes.length).toBe(image.sizeBytes)
  for (const id of [0, -1, 1.5, Number.NaN, 2 ** 60, 999_999]) {
    expect(await findImage(bench.context(), id)).toBeNull()
  }
})

test('an upload may be repeated, but replaces no other bytes', async () => {
  await own('repeated')
  await upload('repeated', 'c', { 'a.png': png('a') })
  expect(await upload('repeated', 'c', { 'a.png': png('a') })).toEqual({ stored: 1, skipped: [], notes: [] })
  expect(await upload('repeated', 'c', { 'a.png': png('other') })).toEqual({
    stored: 0,
    skipped: [{ file: 'c/a.png', code: 'EXISTS', detail: null }],
    notes: [],
  })
})

test('refuses what is not an image and names that could mislead, and stores the others', async () => {
  await own('mixed')
  const result = await upload('mixed', 'c', {
    'good.png': png('good'),
    'page.png': Buffer.from('<script>'),
    'empty.png': Buffer.alloc(0),
    '../../up.png': png('up'),
    'a/b.png': png('nested'),
    'back\\slash.png': png('back'),
    'gnp.\u202etxt': png('reversed'),
    'line\nbreak.png': png('line'),
    [`${'x'.repeat(4000)}.png`]: png('long'),
    '.hidden.png': png('hidden'),
  })
  expect(result.stored).toBe(1)
  expect(result.skipped.map(({ code }) => code)).toEqual([
    'NOT_AN_IMAGE',
    'EMPTY_FILE',
    'BAD_NAME',
    'NESTED',
    'BAD_NAME',
    'BAD_NAME',
    'BAD_NAME',
    'BAD_NAME',
    'HIDDEN_FILE',
  ])
  expect(await storedKeys('mixed')).toEqual(['datasets/mixed/c/good.png'])
})

test('refuses a finding class that is no folder name, and images without one', async () => {
  await own('classes')
  for (const findingClass of ['..', 'a/b', '', '.x', 'a\0', 'x'.repeat(300)]) {
    await expect(upload('classes', findingClass, { 'a.png': png('a') })).rejects.toMatchObject({
      code: 'BAD_NAME',
    })
  }
  await expect(upload('classes', undefined, { 'a.png': png('a') })).rejects.toMatchObject({
    kind: 'BAD_REQUEST',
  })
})

test('refuses to write into a folder that is not our own', async () => {
  await bench.register('foreign', { 'c/a.png': png('a') })
  await expect(upload('foreign', 'c', { 'b.png': png('b') })).rejects.toMatchObject({
    code: 'DATASET_IS_EXTERNAL',
  })
  expect(await readdir(`${bench.folder}/foreign/c`)).toEqual(['a.png'])
})

test('unpacks an archive of the layout and says what it left out', async () => {
  await own('archive')
  const result = await uploadArchive('archive', [
    { name: 'lung-covid/', bytes: Buffer.alloc(0), mode: 0o040755 },
    { name: 'lung-covid/a.png', bytes: png('a') },
    { name: '__proto__/ü 🫁.png', bytes: png('b'), mode: 0 },
    { name: '__MACOSX/lung-covid/._a.png', bytes: png('fork') },
    { name: 'lung-covid/link.png', bytes: Buffer.from('/etc/passwd'), mode: 0o120777 },
    { name: 'lung-covid/device', bytes: png('device'), mode: 0o060644 },
    { name: 'lung-covid/readme.txt', bytes: Buffer.from('text') },
    { name: 'lung-covid/deep/a.png', bytes: png('deep') },
    { name: 'root.png', bytes: png('root') },
  ])
  expect(result.stored).toBe(2)
  expect(result.skipped.map(({ code }) => code)).toEqual([
    'SYSTEM_FILE',
    'LINK',
    'SPECIAL_FILE',
    'NOT_AN_IMAGE',
    'NESTED',
    'NO_FINDING_CLASS',
  ])
  expect(await storedKeys('archive')).toEqual([
    'datasets/archive/__proto__/ü 🫁.png',
    'datasets/archive/lung-covid/a.png',
  ])
})

const uploadCase = async (dataset: string, file: string) =>
  await uploadImages(bench.context(), bench.sources, {
    dataset,
    files: [
      await receive('images.zip', await readFile(new URL(`../../../tests/cases/${file}`, import.meta.url))),
    ],
  })

test('takes the finding classes out of the one folder around them, and says so', async () => {
  await own('wrapped')
  const result = await uploadCase('wrapped', 'wrapped-in-one-folder.zip')
  expect(result).toMatchObject({ stored: 6, skipped: [], notes: [{ code: 'OUTER_FOLDER_REMOVED' }] })
  expect(result.notes[0]?.message).toContain('chest_xray')
  const { images } = await bench.scan('wrapped')
  const stored = await listImages(bench.context(), { dataset: 'wrapped', after: null, take: 10 })
  expect(stored).toHaveLength(images)
  expect(new Set(stored.map(({ findingClass }) => findingClass))).toEqual(new Set(['COVID', 'NORMAL']))
})

test('takes a folder around others for a finding class where it is known as one', async () => {
  await own('known-class')
  await upload('known-class', 'lung-normal', { 'a.png': png('a') })
  await bench.scan('known-class')
  const patients = ['p1', 'p2'].map((patient) => ({
    name: `lung-normal/${patient}/1.png`,
    bytes: png(patient),
  }))
  const result = await uploadArchive('known-class', patients)
  expect(result).toMatchObject({ stored: 0, notes: [{ code: 'NOTHING_TAKEN' }] })
  expect(result.skipped.map(({ code }) => code)).toEqual(['NESTED', 'NESTED'])
})

test('names the reason where nothing of an archive was taken', async () => {
  await own('nothing')
  const link = { bytes: Buffer.from('/etc/passwd'), mode: 0o120777 }
  for (const [names, says] of [
    [['train/N/0.png', 'val/N/0.png', 'test/N/0.png'], 'Make each of these a dataset of its own'],
    [['0.png', '1.png'], 'Put each into the folder of its finding class'],
  ] as const)
    expect(
      await uploadArchive(
        'nothing',
        names.map((name) => ({ name, bytes: png(name) })),
      ),
    ).toMatchObject({ stored: 0, notes: [{ code: 'NOTHING_TAKEN', message: expect.stringContaining(says) }] })
  expect(await uploadArchive('nothing', [{ name: 'N/0.png', ...link }])).toMatchObject({
    notes: [{ message: expect.stringContaining('links are never followed') }],
  })
  expect(await bench.scan('nothing')).toMatchObject({ status: 'failed', failureCode: 'EMPTY_DATASET' })
})

test.each(['composed', 'decomposed'])(
  'reads %s UTF-8 names that are not marked as UTF-8',
  async (spelling) => {
    await own(spelling)
    const result = await uploadCase(spelling, `zip-names-without-utf8-flag-${spelling}.zip`)
    expect(result).toMatchObject({ stored: 2, skipped: [] })
    expect(await storedKeys(spelling)).toEqual(
      [0, 1].map((n) => `datasets/${spelling}/R\u00f6ntgen/${n}.png`),
    )
  },
)

test('refuses names that are neither ASCII nor UTF-8, each by itself', async () => {
  await own('encodings')
  const rontgen = { 'code page 437': 0x94, 'windows-1252': 0xf6, 'Mac OS Roman': 0x9a }
  for (const [encoding, o] of Object.entries(rontgen)) {
    const nameBytes = Buffer.concat([Buffer.from('R'), Buffer.from([o]), Buffer.from('ntgen/0.png')])
    const result = await uploadArchive('encodings', [
      { name: 'R', nameBytes, flags: 0, bytes: png('a') },
      { name: `ascii/${encoding}.png`, flags: 0, bytes: png(encoding) },
    ])
    expect(result.stored, encoding).toBe(1)
    expect(result.skipped.map(({ code }) => code)).toEqual(['BAD_NAME'])
  }
})

test('refuses an archive whose files overlap, before it stores one of them', async () => {
  await own('overlapping')
  const files = ['a', 'b', 'c'].map((note) => ({ name: `c/${note}.png`, bytes: png('same') }))
  for (const offsets of [
    [0, 0, 0],
    [0, 1, 2],
  ])
    await expect(
      uploadArchive(
        'overlapping',
        files.map((file, n) => ({ ...file, offset: offsets[n] ?? 0 })),
      ),
    ).rejects.toMatchObject({ code: 'BAD_ARCHIVE', message: expect.stringContaining('overlap') })
  expect(await storedKeys('overlapping')).toEqual([])
})

test('stops when the client has gone, and keeps what is stored', async () => {
  await own('abandoned')
  const controller = new AbortController()
  const sources = {
    ...bench.sources,
    openStore: (...args: Parameters<typeof bench.sources.openStore>) => {
      const store = bench.sources.openStore(...args)
      const put: typeof store.put = async (...given) => {
        await store.put(...given)
        controller.abort()
      }
      return { ...store, put, find: (key: string) => store.find(key), close: () => store.close() }
    },
  }
  const archive = await receive(
    'images.zip',
    makeArchive([1, 2, 3].map((n) => ({ name: `c/${n}.png`, bytes: png(`${n}`) }))),
  )
  const { signal } = controller
  const result = await uploadImages(bench.context(), sources, {
    dataset: 'abandoned',
    files: [archive],
    signal,
  })
  expect(result).toMatchObject({ stored: 1, skipped: [] })
  expect(await storedKeys('abandoned')).toEqual(['datasets/abandoned/c/1.png'])
})

test('refuses an archive that climbs, is broken, or has too much in it', async () => {
  await own('hostile')
  const limits = { maxEntries: 3, maxEntryBytes: 1000, maxTotalBytes: 2000 }
  const bad = { code: 'BAD_ARCHIVE' }
  for (const name of ['../up.png', 'c/../../up.png', '/etc/a.png', 'C:\\a.png']) {
    await expect(uploadArchive('hostile', [{ name, bytes: png('a') }]), name).rejects.toMatchObject(bad)
  }
  const many = [1, 2, 3, 4].map((n) => ({ name: `c/${n}.png`, bytes: png(`${n}`) }))
  await expect(uploadArchive('hostile', many, limits)).rejects.toMatchObject(bad)
  const zeros = [1, 2, 3].map((n) => ({ name: `c/${n}`, bytes: Buffer.alloc(900) }))
  await expect(uploadArchive('hostile', zeros, limits)).rejects.toMatchObject(bad)
  await expect(
    upload('hostile', undefined, { 'x.zip': Buffer.from('PK\u0003\u0004') }),
  ).rejects.toMatchObject(bad)
  expect(await storedKeys('hostile')).toEqual([])
})

test('refuses an archive that shrank its images as no images do, before it stores one of them', async () => {
  await own('shrunk')
  const hollow = Buffer.concat([png('head'), Buffer.alloc(40_000_000)])
  const files = [1, 2].map((n) => ({ name: `c/${n}.png`, bytes: hollow }))
  await expect(uploadArchive('shrunk', files)).rejects.toMatchObject({ code: 'BAD_ARCHIVE' })
  expect(await storedKeys('shrunk')).toEqual([])
})

test('unpacks no more of a file than the archive says it has', async () => {
  await own('bomb')
  const bytes = Buffer.alloc(50_000_000)
  const limits = { maxEntries: 10, maxEntryBytes: 1000, maxTotalBytes: 10_000 }
  const result = await uploadArchive(
    'bomb',
    [
      { name: 'c/liar.png', bytes, claimedBytes: 500 },
      { name: 'c/honest.png', bytes: bytes.subarray(0, 5000) },
      { name: 'c/good.png', bytes: png('good') },
    ],
    limits,
  )
  expect(result.stored).toBe(1)
  expect(result.skipped.map(({ code }) => code)).toEqual(['UNREADABLE', 'TOO_LARGE'])
})

test('stores one of several images that are uploaded under one name at once, and says which', async () => {
  await own('rivals')
  const results = await Promise.all(
    ['1', '2', '3', '4'].map((note) => upload('rivals', 'c', { 'a.png': png(note) })),
  )
  expect(results.map(({ stored }) => stored).sort()).toEqual([0, 0, 0, 1])
  const winner = results.findIndex(({ stored }) => stored === 1)
  expect(await bench.sources.objectStore.get('datasets/rivals/c/a.png')).toEqual(png(String(winner + 1)))
})

test('writes each upload into the audit log', async () => {
  const { id } = await registerDataset(bench.context(), bench.sources, { name: 'logged' })
  await upload('logged', 'c', { 'a.png': png('a'), 'b.txt': Buffer.from('b') })
  const [event] = await bench.db
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.objectId, id))
    .orderBy(desc(auditEvents.seq))
    .limit(1)
  expect(event).toMatchObject({ action: 'dataset.upload', after: { name: 'logged', stored: 1, skipped: 1 } })
})
