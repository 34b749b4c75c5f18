import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import {
  evaluate,
  getMetrics,
  launchRun,
  modelForm,
  registerFolder,
  serviceApi,
  uploadVersion,
} from '#tests/support/service-api.ts'
import { shareInstance } from '#tests/support/shared-instance.ts'
import { makePng } from '#tests/support/test-images.ts'
import { testModelCard } from '#tests/support/test-models.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

const CLASSES = testModelCard().findingClasses
const [FIRST = '', SECOND = '', THIRD = ''] = CLASSES
/** Names that inherit a value in JavaScript, and one that a spreadsheet would execute. */
const ODD_CLASSES = ['__proto__', 'constructor', "=cmd|' calc'!A0"]

const instance = shareInstance()
const { work } = instance
const api = serviceApi(instance)
let versionId: string

beforeAll(async () => {
  versionId = await makeVersion('for-bad-datasets', CLASSES)
})

async function makeVersion(name: string, findingClasses: string[]): Promise<string> {
  const form = await modelForm('valid', testModelCard({ name, findingClasses }))
  return (await uploadVersion(api, form)).id
}

const image = (note: string) => makePng({ width: 32, height: 32, note })

async function register(name: string, files: Record<string, Uint8Array>): Promise<string> {
  const folder = path.join(work, name)
  mkdirSync(folder)
  for (const [key, bytes] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, key)), { recursive: true })
    writeFileSync(path.join(folder, key), bytes)
  }
  await registerFolder(api, name, folder)
  return folder
}

const finished = (dataset: string, more = {}) => evaluate(api, versionId, dataset, more)
const refusalOf = (dataset: string) => expect(launchRun(api, versionId, dataset)).rejects

const snapshot = (name: string, body?: { allowLabelConflicts: boolean }) =>
  api.POST('/api/datasets/{name}/snapshots', { params: { path: { name } }, body })
const getDataset = (name: string) => dataOf(api.GET('/api/datasets/{name}', { params: { path: { name } } }))

describe('a run', () => {
  it('names the folders that are no class of the model, and leaves them out only when told to', async () => {
    await register('unknown', { [`${FIRST}/a.png`]: image('a'), 'lung-tb/b.png': image('b') })
    const details = { findingClasses: ['lung-tb'] }
    await refusalOf('unknown').toMatchObject({ status: 422, code: 'UNKNOWN_CLASS', details })
    const run = await finished('unknown', { allowUnknownClasses: true })
    expect(run).toMatchObject({
      status: 'succeeded',
      excluded: 1,
      progress: { done: 1, errors: 0, total: 1 },
    })
  })

  it('takes a class in other capitals for another class', async () => {
    await register('capitals', {
      [`${FIRST}/a.png`]: image('a'),
      [`${FIRST.toUpperCase()}/a.png`]: image('b'),
    })
    await refusalOf('capitals').toMatchObject({ details: { findingClasses: [FIRST.toUpperCase()] } })
  })

  it('gives a class without images no numbers, and averages over the others', async () => {
    const folder = await register('two-of-three', {
      [`${FIRST}/a.png`]: image('a'),
      [`${SECOND}/b.png`]: image('b'),
    })
    mkdirSync(path.join(folder, THIRD))
    const run = await finished('two-of-three')
    const metrics = await getMetrics(api, run.id)
    expect([metrics.n, metrics.classesPresent]).toEqual([2, 2])
    const row = metrics.findingClasses.find(({ findingClass }) => findingClass === THIRD)
    expect(row).toMatchObject({ n: 0, accuracy: null, auroc: null })
    expect(metrics.overall.macroF1).toBeTypeOf('number')
    const exposed = await (await fetch(`${instance.url}/metrics`)).text()
    expect(exposed).not.toContain(`dataset="two-of-three",class_name="${THIRD}"`)
  })

  it('is refused over nothing', async () => {
    await register('nothing', {})
    await refusalOf('nothing').toMatchObject({ status: 422, code: 'EMPTY_DATASET' })
    const params = { query: { dataset: 'nothing' } }
    expect((await dataOf(api.GET('/api/evaluation-runs', { params }))).items).toEqual([])
  })

  it('fails over the same bytes in two classes until that is allowed', async () => {
    await register('conflict', { [`${FIRST}/a.png`]: image('same'), [`${SECOND}/b.png`]: image('same') })
    expect(await finished('conflict')).toMatchObject({ status: 'failed', reasonCode: 'LABEL_CONFLICT' })
    await snapshot('conflict', { allowLabelConflicts: true })
    await waitUntil(
      'the snapshot is ready',
      async () => (await getDataset('conflict')).lastSnapshot?.status === 'ready',
    )
    expect(await finished('conflict')).toMatchObject({ status: 'succeeded', progress: { done: 2 } })
  })

  it('knows classes that are named like what every object inherits, or like a formula', async () => {
    versionId = await makeVersion('odd-classes', ODD_CLASSES)
    await register('odd', Object.fromEntries(ODD_CLASSES.map((name) => [`${name}/a.png`, image(name)])))
    const run = await finished('odd')
    expect(run).toMatchObject({ status: 'succeeded', progress: { done: 3, errors: 0 } })
    const metrics = await getMetrics(api, run.id)
    expect(metrics.findingClasses.map(({ findingClass }) => findingClass)).toEqual(ODD_CLASSES)
    const csv = await fetch(`${instance.url}/api/evaluation-runs/${run.id}/predictions`, {
      headers: { Authorization: `Bearer ${instance.apiKey}`, Accept: 'text/csv' },
    })
    // A spreadsheet executes what begins like this; an apostrophe before it makes it text.
    expect(await csv.text()).not.toMatch(/(^|[,"])=cmd/m)
    expect(({} as Record<string, unknown>).n).toBeUndefined()
  })
})

describe('a dataset', () => {
  it('gives every image back under its name, however awkward', async () => {
    const names = [
      'a b',
      'a+b',
      'a%2Fb',
      'a#b',
      'a?b',
      'a\nb',
      'ü',
      '🫁',
      '<img onerror=x>',
      `${'x'.repeat(200)}`,
    ]
    const keys = names.map((name) => `${FIRST}/${name}.png`)
    await register('awkward', Object.fromEntries(keys.map((key) => [key, image(key)])))
    await snapshot('awkward')
    const params = { path: { name: 'awkward' }, query: { limit: 500 } }
    const list = async () => (await dataOf(api.GET('/api/datasets/{name}/images', { params }))).items
    await waitUntil('the images are listed', async () => (await list()).length === keys.length)
    const images = await list()
    expect(images.map(({ key }) => key).sort()).toEqual(keys.sort())
    const headers = { Authorization: `Bearer ${instance.apiKey}` }
    for (const { id, key } of images)
      expect((await fetch(`${instance.url}/api/images/${id}/content`, { headers })).status, key).toBe(200)
  })

  it('counts what is no image of it, with a code each, and follows no link', async () => {
    const folder = await register('traps', {
      [`${FIRST}/a.png`]: image('a'),
      [`${FIRST}/copy.png`]: image('a'),
      [`${FIRST}/.DS_Store`]: Buffer.from('x'),
      [`${FIRST}/deeper/b.png`]: image('b'),
      'root.png': image('root'),
    })
    symlinkSync('/etc', path.join(folder, 'etc'))
    symlinkSync('..', path.join(folder, FIRST, 'loop'))
    execFileSync('mkfifo', [path.join(folder, FIRST, 'pipe.png')])
    await snapshot('traps')
    const view = () => getDataset('traps')
    await waitUntil('the snapshot is ready', async () => (await view()).lastSnapshot?.status === 'ready')
    const { images, lastSnapshot, skipped } = await view()
    expect([images, lastSnapshot?.skippedCount]).toEqual([1, 7])
    const codes = skipped.map(({ file, code }) => [file, code])
    expect(Object.fromEntries(codes)).toEqual({
      etc: 'LINK',
      [`${FIRST}/.DS_Store`]: 'SYSTEM_FILE',
      [`${FIRST}/copy.png`]: 'DUPLICATE',
      [`${FIRST}/deeper/b.png`]: 'NESTED',
      [`${FIRST}/loop`]: 'LINK',
      [`${FIRST}/pipe.png`]: 'SPECIAL_FILE',
      'root.png': 'NO_FINDING_CLASS',
    })
  })
})
