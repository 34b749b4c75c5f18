import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApiClient, apiClient } from '#tests/support/api-client.ts'
import { type Instance, startInstance } from '#tests/support/instance.ts'
import { makePng } from '#tests/support/test-images.ts'
import { readTestModel, testModelCard } from '#tests/support/test-models.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

const CLASSES = testModelCard().findingClasses
const [FIRST = '', SECOND = '', THIRD = ''] = CLASSES
/** Names that inherit a value in JavaScript, and one that a spreadsheet would execute. */
const ODD_CLASSES = ['__proto__', 'constructor', "=cmd|' calc'!A0"]

let work: string
let instance: Instance
let api: ApiClient
let versionId: string

beforeAll(async () => {
  work = mkdtempSync(path.join(tmpdir(), 'sr-bad, datasets-'))
  instance = await startInstance({ env: { DATASET_ROOTS: work.replaceAll(',', '\\,') } })
  api = apiClient(instance.url, instance.apiKey)
  versionId = await makeVersion('for-bad-datasets', CLASSES)
})
afterAll(async () => {
  await instance?.stop()
  rmSync(work, { recursive: true, force: true })
})

async function makeVersion(name: string, findingClasses: string[]): Promise<string> {
  const form = new FormData()
  form.set('model', new Blob([Uint8Array.from((await readTestModel('valid')).bytes)]), 'model.onnx')
  form.set('card', JSON.stringify(testModelCard({ name, findingClasses })))
  const version = await api.upload('/api/model-versions', form)
  expect(version.status, version.text).toBe(201)
  return version.body.id
}

const image = (note: string) => makePng({ width: 32, height: 32, note })

async function register(name: string, files: Record<string, Uint8Array>): Promise<string> {
  const folder = path.join(work, name)
  mkdirSync(folder)
  for (const [key, bytes] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, key)), { recursive: true })
    writeFileSync(path.join(folder, key), bytes)
  }
  const registered = await api.post('/api/datasets', { name, location: `file:${folder}` })
  expect(registered.status, registered.text).toBe(201)
  return folder
}

const evaluate = (dataset: string, more: object = {}) =>
  api.post('/api/evaluation-runs', { modelVersionId: versionId, dataset, ...more })

async function finished(dataset: string, more: object = {}) {
  const created = await evaluate(dataset, more)
  expect(created.status, created.text).toBe(201)
  return await api.finishedRun(created.body.id)
}

describe('a run', () => {
  it('names the folders that are no class of the model, and leaves them out only when told to', async () => {
    await register('unknown', { [`${FIRST}/a.png`]: image('a'), 'lung-tb/b.png': image('b') })
    const refused = await evaluate('unknown')
    expect([refused.status, refused.body.error.code]).toEqual([422, 'UNKNOWN_CLASS'])
    expect(refused.body.error.details).toEqual({ findingClasses: ['lung-tb'] })
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
    const refused = await evaluate('capitals')
    expect(refused.body.error.details).toEqual({ findingClasses: [FIRST.toUpperCase()] })
  })

  it('gives a class without images no numbers, and averages over the others', async () => {
    const folder = await register('two-of-three', {
      [`${FIRST}/a.png`]: image('a'),
      [`${SECOND}/b.png`]: image('b'),
    })
    mkdirSync(path.join(folder, THIRD))
    const run = await finished('two-of-three')
    const metrics = (await api.get(`/api/evaluation-runs/${run.id}/metrics`)).body
    expect([metrics.n, metrics.classesPresent]).toEqual([2, 2])
    const row = metrics.findingClasses.find(
      ({ findingClass }: { findingClass: string }) => findingClass === THIRD,
    )
    expect(row).toMatchObject({ n: 0, accuracy: null, auroc: null })
    expect(metrics.overall.macroF1).toBeTypeOf('number')
    expect((await api.get('/metrics')).text).not.toContain(`dataset="two-of-three",class_name="${THIRD}"`)
  })

  it('is refused over nothing', async () => {
    await register('nothing', {})
    const refused = await evaluate('nothing')
    expect([refused.status, refused.body.error.code]).toEqual([422, 'EMPTY_DATASET'])
    expect((await api.get('/api/evaluation-runs?dataset=nothing')).body.items).toEqual([])
  })

  it('fails over the same bytes in two classes until that is allowed', async () => {
    await register('conflict', { [`${FIRST}/a.png`]: image('same'), [`${SECOND}/b.png`]: image('same') })
    expect(await finished('conflict')).toMatchObject({ status: 'failed', reasonCode: 'LABEL_CONFLICT' })
    await api.post('/api/datasets/conflict/snapshots', { allowLabelConflicts: true })
    await waitUntil('the snapshot is ready', async () => {
      const { lastSnapshot } = (await api.get('/api/datasets/conflict')).body
      return lastSnapshot.status === 'ready'
    })
    expect(await finished('conflict')).toMatchObject({ status: 'succeeded', progress: { done: 2 } })
  })

  it('knows classes that are named like what every object inherits, or like a formula', async () => {
    versionId = await makeVersion('odd-classes', ODD_CLASSES)
    await register('odd', Object.fromEntries(ODD_CLASSES.map((name) => [`${name}/a.png`, image(name)])))
    const run = await finished('odd')
    expect(run).toMatchObject({ status: 'succeeded', progress: { done: 3, errors: 0 } })
    const metrics = (await api.get(`/api/evaluation-runs/${run.id}/metrics`)).body
    expect(metrics.findingClasses.map(({ findingClass }: { findingClass: string }) => findingClass)).toEqual(
      ODD_CLASSES,
    )
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
    await api.post('/api/datasets/awkward/snapshots')
    const list = async () => (await api.get('/api/datasets/awkward/images?limit=500')).body.items
    await waitUntil('the images are listed', async () => (await list()).length === keys.length)
    const images: { id: number; key: string }[] = await list()
    expect(images.map(({ key }) => key).sort()).toEqual(keys.sort())
    for (const { id, key } of images)
      expect((await api.get(`/api/images/${id}/content`)).status, key).toBe(200)
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
    await api.post('/api/datasets/traps/snapshots')
    const view = async () => (await api.get('/api/datasets/traps')).body
    await waitUntil('the snapshot is ready', async () => (await view()).lastSnapshot?.status === 'ready')
    const { images, lastSnapshot, skipped } = await view()
    expect([images, lastSnapshot.skippedCount]).toEqual([1, 7])
    const codes = skipped.map(({ file, code }: { file: string; code: string }) => [file, code])
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
