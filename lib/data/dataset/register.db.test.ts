import { mkdir, symlink } from 'node:fs/promises'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditEvents } from '#db/schema/audit.ts'
import { datasetSnapshots, datasets, images } from '#db/schema/dataset.ts'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import { models, modelVersions } from '#db/schema/model-version.ts'
import { imageSourceOf } from '#lib/data/dataset-source/sources.ts'
import { createSnapshot } from '#lib/data/snapshot/create-snapshot.ts'
import { scanNextSnapshot } from '#lib/data/snapshot/scan.ts'
import { getSnapshot, listSnapshots, snapshotPosition } from '#lib/data/snapshot/snapshot-queries.ts'
import { openObjectStore } from '#lib/platform/object-store/open.ts'
import { type DatasetBench, openDatasetBench } from '#tests/support/test-datasets.ts'
import { makePng } from '#tests/support/test-images.ts'
import { waitUntil } from '#tests/support/wait-until.ts'
import { archiveDataset } from './archive.ts'
import { getDataset, listDatasets } from './queries.ts'
import { registerDataset } from './register.ts'
import type { RegisterDatasetInput } from './schema.ts'

let bench: DatasetBench
beforeAll(async () => {
  bench = await openDatasetBench()
  await mkdir(`${bench.folder}/x`)
})
afterAll(async () => {
  await bench.close()
})

const register = (input: RegisterDatasetInput) => registerDataset(bench.context(), bench.sources, input)
const files = { 'c/a.png': makePng() }

describe('registerDataset', () => {
  test('registers a folder at once, without reading it, and writes it into the audit log', async () => {
    await bench.register('fresh', files)
    expect(bench.reads).toEqual([])
    const dataset = await getDataset(bench.context(), { name: 'fresh' })
    expect(dataset).toMatchObject({
      images: 0,
      patients: 0,
      findingClasses: [],
      lastSnapshot: null,
      skipped: [],
    })
    const [event] = await bench.db.select().from(auditEvents).where(eq(auditEvents.objectId, dataset.id))
    expect(event).toMatchObject({
      action: 'dataset.register',
      after: { name: 'fresh', location: dataset.location },
    })
  })

  test('gives the name to one of many that ask at the same time', async () => {
    const location = `file:${bench.folder}/x`
    const asked = await Promise.allSettled(
      Array.from({ length: 6 }, () => register({ name: 'race', location })),
    )
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of asked) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ kind: 'CONFLICT', code: 'NAME_TAKEN' })
    }
  })

  test('refuses bad names, locations and patterns, and keeps nothing of them', async () => {
    const location = `file:${bench.folder}/x`
    await expect(register({ name: '../../etc', location })).rejects.toMatchObject({ code: 'BAD_NAME' })
    await expect(register({ name: 'bad', location: 'http://host' })).rejects.toMatchObject({
      code: 'BAD_LOCATION',
    })
    await expect(register({ name: 'bad', location, patientPattern: '(' })).rejects.toMatchObject({
      code: 'BAD_PATIENT_PATTERN',
    })
    await expect(getDataset(bench.context(), { name: 'bad' })).rejects.toMatchObject({ kind: 'NOT_FOUND' })
  })

  test('refuses folders outside the roots, whatever way they are written, and says nothing about them', async () => {
    await symlink('/etc', `${bench.folder}/etc`)
    await mkdir(`${bench.folder}-sibling`, { recursive: true })
    const outside = ['/etc', '/no/such/folder', `${bench.folder}-sibling`, `${bench.folder}/etc`, '/']
    for (const folder of outside) {
      const refusal = folder === '/' ? 'BAD_LOCATION' : 'LOCATION_OUTSIDE_ROOTS'
      await expect(register({ name: 'out', location: `file:${folder}` }), folder).rejects.toMatchObject({
        code: refusal,
      })
    }
    await expect(register({ name: 'out', location: `file:${bench.folder}/missing` })).rejects.toMatchObject({
      kind: 'UNPROCESSABLE',
      code: 'LOCATION_NOT_FOUND',
    })
  })

  test('sends our signature to no other S3 server than our own', async () => {
    const elsewhere = 's3://bucket/x?endpoint=http://169.254.169.254'
    await expect(register({ name: 's3-bad', location: elsewhere })).rejects.toMatchObject({
      code: 'ENDPOINT_NOT_ALLOWED',
    })
    const objectStore = openObjectStore('s3://own?endpoint=http://127.0.0.1:9')
    const sources = { ...bench.sources, objectStore }
    await expect(
      registerDataset(bench.context(), sources, { name: 's3-bad', location: elsewhere }),
    ).rejects.toMatchObject({ code: 'ENDPOINT_NOT_ALLOWED' })
    const dataset = await registerDataset(bench.context(), sources, { name: 's3', location: 's3://bucket/x' })
    expect(imageSourceOf(sources, dataset, 'c/a.png')).toEqual({
      location: 's3://bucket/x?endpoint=http%3A%2F%2F127.0.0.1%3A9',
      key: 'c/a.png',
    })
  })
})

describe('archiveDataset', () => {
  test('frees the name, ends a waiting scan and keeps the rows', async () => {
    const id = await bench.register('old', files)
    await createSnapshot(bench.context(), { dataset: 'old' })
    await archiveDataset(bench.context(), { name: 'old' })
    await expect(getDataset(bench.context(), { name: 'old' })).rejects.toMatchObject({ kind: 'NOT_FOUND' })
    expect(await scanNextSnapshot(bench.context(), bench.sources)).toBe(false)
    const [snapshot] = await bench.db
      .select()
      .from(datasetSnapshots)
      .where(eq(datasetSnapshots.datasetId, id))
    expect(snapshot).toMatchObject({ status: 'failed', failureCode: 'DATASET_ARCHIVED' })
    await bench.register('old', {})
    expect(await bench.db.$count(datasets, eq(datasets.name, 'old'))).toBe(2)
    await archiveDataset(bench.context(), { name: 'old' })
    await expect(archiveDataset(bench.context(), { name: 'old' })).rejects.toMatchObject({
      kind: 'NOT_FOUND',
    })
  })

  test('waits for a batch of a scan that adds images, instead of the two waiting for each other', async () => {
    const id = await bench.register('busy', files)
    await createSnapshot(bench.context(), { dataset: 'busy' })
    const { archived } = await bench.db.transaction(async (tx) => {
      await tx.update(datasetSnapshots).set({ listedCount: 1 }).where(eq(datasetSnapshots.datasetId, id))
      const archived = archiveDataset(bench.context(), { name: 'busy' })
      const { pool } = bench
      await waitUntil('it has asked for what it needs', () => pool.totalCount - pool.idleCount === 2)
      for (let times = 0; times < 20; times++) await tx.execute(sql`select 1`) // time for an answer
      const image = {
        objectKey: 'c/a.png',
        findingClass: 'c',
        sizeBytes: 1,
        width: 1,
        height: 1,
        revision: '',
      }
      await tx.insert(images).values({ datasetId: id, key: 'c/a.png', sha256: 'ab'.repeat(32), ...image })
      return { archived }
    })
    await archived
    expect((await bench.db.select().from(datasets).where(eq(datasets.id, id)))[0]?.archivedAt).not.toBeNull()
  })

  test('is refused while an evaluation run depends on the dataset', async () => {
    const datasetId = await bench.register('used', files)
    const { id: snapshotId } = await bench.scan('used')
    const sha256 = 'ab'.repeat(32)
    const [model] = await bench.db.insert(models).values({ name: 'm' }).returning()
    const [version] = await bench.db
      .insert(modelVersions)
      .values({
        modelId: model?.id ?? '',
        number: 1,
        card: {},
        cardSha256: sha256,
        findingClasses: [],
        createdBy: 't',
      })
      .returning()
    await bench.db.insert(evaluationRuns).values({
      modelVersionId: version?.id ?? '',
      datasetId,
      snapshotId,
      createdBy: 't',
      deadline: new Date(),
    })
    await expect(archiveDataset(bench.context(), { name: 'used' })).rejects.toMatchObject({
      kind: 'CONFLICT',
      code: 'DATASET_IN_USE',
      details: { evaluationRuns: 1 },
    })
    expect(await getDataset(bench.context(), { name: 'used' })).toMatchObject({ images: 1 })
  })

  test('does not give the files of an archived upload dataset to a new one of its name', async () => {
    await register({ name: 'uploads' })
    await archiveDataset(bench.context(), { name: 'uploads' })
    await expect(register({ name: 'uploads' })).rejects.toMatchObject({ code: 'NAME_HAS_FILES' })
  })
})

describe('snapshots', () => {
  test('joins a scan that has not begun, and queues another behind one that has', async () => {
    await bench.register('queue', files)
    const first = await createSnapshot(bench.context(), { dataset: 'queue' })
    expect((await createSnapshot(bench.context(), { dataset: 'queue' })).id).toBe(first.id)
    const other = await createSnapshot(bench.context(), { dataset: 'queue', allowLabelConflicts: true })
    expect(other.id).not.toBe(first.id)
    let whileScanning: string | undefined
    bench.beforeRead = async () => {
      whileScanning = (await createSnapshot(bench.context(), { dataset: 'queue' })).id
      expect(await scanNextSnapshot(bench.context(), bench.sources)).toBe(false)
    }
    await scanNextSnapshot(bench.context(), bench.sources)
    bench.beforeRead = async () => undefined
    expect(whileScanning).not.toBe(first.id)
    while (await scanNextSnapshot(bench.context(), bench.sources));
    const listed = await listSnapshots(bench.context(), { dataset: 'queue', after: null, take: 10 })
    expect(listed.map(({ id, status }) => [id, status])).toEqual([
      [whileScanning, 'ready'],
      [other.id, 'ready'],
      [first.id, 'ready'],
    ])
    const [newest] = listed
    if (newest === undefined) throw new Error('No snapshot is listed.')
    const after = snapshotPosition(newest)
    const older = await listSnapshots(bench.context(), { dataset: 'queue', after, take: 10 })
    expect(older).toEqual(listed.slice(1))
  })

  test('shows no snapshot of another dataset, and none for rubbish', async () => {
    await bench.register('one', files)
    await bench.register('two', { 'c/b.png': makePng({ note: 'b' }) })
    const { id } = await bench.scan('one')
    for (const wrong of [id, 'rubbish', "' or 1=1", '']) {
      await expect(getSnapshot(bench.context(), { dataset: 'two', id: wrong })).rejects.toMatchObject({
        kind: 'NOT_FOUND',
      })
    }
  })
})

test('listDatasets pages by name with the counts of the newest ready snapshot', async () => {
  await bench.register('zz-1', { 'b/1.png': makePng({ note: '1' }), 'a/2.png': makePng({ note: '2' }) })
  await bench.register('zz-2', {})
  await bench.scan('zz-1')
  await bench.scan('zz-2')
  const [first] = await listDatasets(bench.context(), { after: ['zy'], take: 1 })
  expect(first).toMatchObject({
    name: 'zz-1',
    images: 2,
    findingClasses: [
      { findingClass: 'a', images: 1 },
      { findingClass: 'b', images: 1 },
    ],
    lastSnapshot: { status: 'ready' },
  })
  const [second, ...none] = await listDatasets(bench.context(), { after: ['zz-1'], take: 5 })
  expect(second).toMatchObject({ name: 'zz-2', images: 0, lastSnapshot: { failureCode: 'EMPTY_DATASET' } })
  expect(none).toEqual([])
})
