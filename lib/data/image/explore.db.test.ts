import { rename, rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getDataset, listDatasets } from '#lib/data/dataset/queries.ts'
import { listSkippedFilesOf } from '#lib/data/snapshot/skipped-files.ts'
import { listSnapshotChanges } from '#lib/data/snapshot/snapshot-changes.ts'
import type { After } from '#lib/data/snapshot/snapshot-queries.ts'
import { type DatasetBench, openDatasetBench } from '#tests/support/test-datasets.ts'
import { makePng } from '#tests/support/test-images.ts'
import { listDatasetImages } from './list-images.ts'

let bench: DatasetBench
let [first, second] = ['', '']
const png = (note: string) => makePng({ note })

beforeAll(async () => {
  bench = await openDatasetBench()
  const files = {
    'lung-normal/p1_a.png': png('1a'),
    'lung-normal/p1_b.png': png('1b'),
    'lung-normal/p2_a.png': png('2a'),
    'lung-oct-cnv/p1_c.png': png('1c'),
    'lung-oct-cnv/100%_x.png': png('x'),
    'lung-oct-cnv/.hidden': png('h'),
    'lung-normal/zz_copy.png': png('1a'),
    'notes.txt': Buffer.from('no image'),
  }
  await bench.register('explored', files, { patientPattern: '^(p\\d+)_' })
  first = (await bench.scan('explored')).id
  const folder = `${bench.folder}/explored`
  await rm(`${folder}/lung-normal/p2_a.png`)
  await rename(`${folder}/lung-oct-cnv/p1_c.png`, `${folder}/lung-normal/p1_c.png`)
  await rename(`${folder}/lung-normal/p1_b.png`, `${folder}/lung-normal/p1_z.png`)
  await bench.write('explored', { 'lung-normal/p9_n.png': png('9n'), 'lung-normal/p9_o.png': png('9o') })
  second = (await bench.scan('explored')).id
})
afterAll(() => bench.close())

describe('a dataset', () => {
  test('is counted per finding class, per patient and per modality, with its skipped files by code', async () => {
    const dataset = await getDataset(bench.context(), { name: 'explored' })
    expect(dataset).toMatchObject({
      images: 6,
      patients: 2,
      findingClasses: [
        { findingClass: 'lung-normal', images: 5, patients: 2 },
        { findingClass: 'lung-oct-cnv', images: 1, patients: 0 },
      ],
      modalities: [
        { modality: 'chest-xray', images: 5 },
        { modality: 'oct', images: 1 },
      ],
      imagesPerPatient: { min: 2, median: 2.5, max: 3 },
      imagesWithoutPatient: 1,
      readySnapshot: { id: second },
      scan: null,
    })
    expect(dataset.skippedByCode.map(({ code, count }) => [code, count])).toEqual([
      ['DUPLICATE', 1],
      ['HIDDEN_FILE', 1],
      ['NO_FINDING_CLASS', 1],
    ])
    expect((await listDatasets(bench.context(), { after: null, take: 5 }))[0]).toMatchObject({ images: 6 })
  })

  test('without patients and before its first scan has nothing per patient', async () => {
    await bench.register('bare', {})
    expect(await getDataset(bench.context(), { name: 'bare' })).toMatchObject({
      imagesPerPatient: null,
      readySnapshot: null,
      skippedByCode: [],
    })
  })
})

describe('listDatasetImages', () => {
  const list = (filter: object, after: After = null, take = 10) =>
    listDatasetImages(bench.context(), { dataset: 'explored', sort: 'added', after, take, ...filter })
  const keysOf = (rows: { key: string }[]) => rows.map(({ key }) => key)

  test('filters by finding class, patient and part of the key, which is taken literally', async () => {
    expect(await list({ findingClass: 'lung-oct-cnv' })).toMatchObject({ total: 1, snapshotId: second })
    expect(keysOf((await list({ patient: 'p9' })).rows).sort()).toEqual([
      'lung-normal/p9_n.png',
      'lung-normal/p9_o.png',
    ])
    expect(keysOf((await list({ q: '%_X' })).rows)).toEqual(['lung-oct-cnv/100%_x.png'])
    expect(await list({ q: '%n%' })).toMatchObject({ total: 0, rows: [] })
  })

  test.each(['added', 'key', 'patient', 'pixels'] as const)(
    'pages by %s, both ways, over every image once',
    async (sort) => {
      for (const descending of [false, true]) {
        const whole = await list({ sort, descending })
        const paged: string[] = []
        for (let after: After = null; ; ) {
          const { rows, total } = await list({ sort, descending }, after, 2)
          expect(total).toBe(6)
          paged.push(...keysOf(rows))
          const last = rows.at(-1)
          if (last === undefined) break
          after = last.position
        }
        expect(paged).toEqual(keysOf(whole.rows))
        expect(new Set(paged).size).toBe(6)
      }
    },
  )

  test('sorts by the bytes of the key', async () => {
    const keys = keysOf((await list({ sort: 'key' })).rows)
    expect(keys).toEqual([...keys].sort())
  })
})

describe('listSnapshotChanges', () => {
  const changes = (kind: 'added' | 'removed' | 'reclassified' | 'renamed', input: object = {}) =>
    listSnapshotChanges(bench.context(), {
      ...{ dataset: 'explored', id: second, kind, after: null, take: 10 },
      ...input,
    })

  test('tells by content what was added, removed, reclassified and renamed since the snapshot before', async () => {
    const added = await changes('added')
    expect(added).toMatchObject({ snapshotId: second, since: first })
    expect(added.counts).toEqual({ added: 2, removed: 1, reclassified: 1, renamed: 1 })
    expect(added.rows.map(({ key, previousKey }) => [key, previousKey])).toEqual([
      ['lung-normal/p9_n.png', null],
      ['lung-normal/p9_o.png', null],
    ])
    expect((await changes('removed')).rows).toMatchObject([
      { key: null, findingClasses: [], previousKey: 'lung-normal/p2_a.png' },
    ])
    expect((await changes('reclassified')).rows).toMatchObject([
      {
        key: 'lung-normal/p1_c.png',
        findingClasses: ['lung-normal'],
        previousFindingClasses: ['lung-oct-cnv'],
      },
    ])
    expect((await changes('renamed')).rows).toMatchObject([
      { key: 'lung-normal/p1_z.png', previousKey: 'lung-normal/p1_b.png' },
    ])
  })

  test('goes on after a key, and compares with a stated snapshot', async () => {
    expect((await changes('added', { after: ['lung-normal/p9_n.png'] })).rows).toMatchObject([
      { key: 'lung-normal/p9_o.png' },
    ])
    const backwards = await changes('added', { id: first, since: second })
    expect(backwards.counts).toEqual({ added: 1, removed: 2, reclassified: 1, renamed: 1 })
  })

  test('takes everything for added where there is no snapshot before', async () => {
    expect(await changes('added', { id: first, take: 1 })).toMatchObject({
      since: null,
      counts: { added: 5, removed: 0, reclassified: 0, renamed: 0 },
      rows: [{ key: 'lung-normal/p1_a.png' }],
    })
  })

  test('compares only what is ready', async () => {
    await bench.register('failing', {})
    const { id } = await bench.scan('failing')
    await expect(changes('added', { dataset: 'failing', id })).rejects.toMatchObject({
      code: 'SNAPSHOT_NOT_READY',
    })
  })
})

test('skipped files are listed with a reason and a remedy, by code where asked', async () => {
  const input = { dataset: 'explored', snapshotId: first, after: null, take: 10 }
  const { rows, byCode } = await listSkippedFilesOf(bench.context(), input)
  expect(rows.map(({ code }) => code).sort()).toEqual(['DUPLICATE', 'HIDDEN_FILE', 'NO_FINDING_CLASS'])
  for (const row of rows) expect([row.reason.length > 10, row.remedy.length > 10]).toEqual([true, true])
  expect(byCode).toHaveLength(3)
  const hidden = await listSkippedFilesOf(bench.context(), { ...input, code: 'HIDDEN_FILE' })
  expect(hidden.rows.map(({ file }) => file)).toEqual(['lung-oct-cnv/.hidden'])
})
