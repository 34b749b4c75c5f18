import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import {
  finishedRun,
  getMetrics,
  getRun,
  launchRun,
  modelForm,
  registerFolder,
  serviceApi,
  uploadVersion,
} from '#tests/support/service-api.ts'
import { shareInstance } from '#tests/support/shared-instance.ts'
import { makePng } from '#tests/support/test-images.ts'
import { readTestModel, testModelCard } from '#tests/support/test-models.ts'

/** Under a name of this file's own: its versions are numbered from 1. */
const card = (changes: Record<string, unknown> = {}) => testModelCard({ name: 'evaluated', ...changes })
const CLASSES = card().findingClasses
const IMAGES = 30

const instance = shareInstance()
const { work } = instance
const api = serviceApi(instance)
let versionId: string
let runId: string

function writeDataset(name: string, images: number): string {
  const folder = path.join(work, name)
  for (let number = 0; number < images; number++) {
    const classFolder = path.join(folder, CLASSES[number % CLASSES.length] ?? '')
    mkdirSync(classFolder, { recursive: true })
    const image = makePng({ width: 64, height: 64, shade: (number * 8) % 256, note: `${name} ${number}` })
    writeFileSync(path.join(classFolder, `${number}.png`), image)
  }
  return folder
}

async function register(name: string, images: number): Promise<void> {
  await registerFolder(api, name, writeDataset(name, images))
}

const upload = async (name: string, given: object | string = card()) =>
  uploadVersion(api, await modelForm(name, given))
const byId = (id: string) => ({ params: { path: { id } } })
const listRuns = async (query: { dataset: string; status?: 'succeeded' }) =>
  (await dataOf(api.GET('/api/evaluation-runs', { params: { query } }))).items

const send = (method: string, address: string, headers: Record<string, string>, body?: string | FormData) =>
  fetch(`${instance.url}${address}`, {
    method,
    headers: { Authorization: `Bearer ${instance.apiKey}`, ...headers },
    ...(body === undefined ? {} : { body }),
  })

describe('model versions', () => {
  it('are made of admitted models, one for each model and card', async () => {
    const first = await upload('valid')
    expect(first).toMatchObject({
      name: 'evaluated',
      number: 1,
      findingClasses: CLASSES,
      stage: null,
      sha256: (await readTestModel('valid')).sha256,
      admission: { provider: 'cpu' },
    })
    const again = await api.POST('/api/model-versions', { body: await modelForm('valid', card()) })
    expect([again.response.status, again.data?.id]).toEqual([200, first.id])
    const second = await upload('valid', card({ lineage: { parent: first.id } }))
    expect(second.number).toBe(2)
    versionId = first.id
    expect(await dataOf(api.GET('/api/model-versions/{id}', byId(versionId)))).toEqual(first)
    const list = (cursor?: string) =>
      dataOf(api.GET('/api/model-versions', { params: { query: { limit: 1, ...(cursor && { cursor }) } } }))
    const { items, nextCursor } = await list()
    expect(items).toEqual([second])
    expect((await list(nextCursor ?? '')).items[0]?.id).toBe(versionId)
  })

  it('get different numbers when they are uploaded at once', async () => {
    const uploads = await Promise.all(
      [0.1, 0.2, 0.3, 0.4].map((mean) =>
        upload('valid', card({ name: 'crowd', preprocessing: { mean: [mean] } })),
      ),
    )
    expect(uploads.map(({ number }) => number).sort()).toEqual([1, 2, 3, 4])
  })

  it('answer a repeated Idempotency-Key as they answered the first', async () => {
    const headers = { 'Idempotency-Key': 'upload-once' }
    const once = card({ name: 'idempotent' })
    const answers = []
    for (let times = 0; times < 2; times++) {
      const response = await send('POST', '/api/model-versions', headers, await modelForm('valid', once))
      answers.push([response.status, await response.json()])
    }
    expect(answers[0]?.[0], JSON.stringify(answers[0])).toBe(201)
    expect(answers[1]).toEqual(answers[0])
  })

  it.each([
    ['wrong-class-count', card(), 422, 'CLASS_COUNT_MISMATCH'],
    ['opset-99', card(), 422, 'MODEL_OPSET'],
    ['not-finite', card(), 422, 'MODEL_NOT_FINITE'],
    ['valid', { ...card(), surprise: true }, 422, 'INVALID_CARD'],
    ['valid', { name: 'x', findingClasses: ['a', 'a'] }, 422, 'INVALID_CARD'],
    ['valid', '{"name": "x",', 400, 'BAD_JSON'],
    ['valid', '{"name": "a", "name": "b"}', 400, 'BAD_JSON'],
  ])('are not made of %s under card %j', async (model, given, status, code) => {
    const message = expect.stringMatching(/./)
    await expect(upload(model, given)).rejects.toMatchObject({ status, code, message })
  })

  it('leave no bytes behind when they are refused, and keep those that another version needs', async () => {
    const stored = async (name: string) =>
      existsSync(
        path.join(instance.dataDir, 'objects', 'models', `${(await readTestModel(name)).sha256}.onnx`),
      )
    await expect(upload('random-output')).rejects.toMatchObject({ status: 422 })
    expect(await stored('random-output')).toBe(false)
    const tooFew = card({ findingClasses: ['lung-covid', 'lung-normal'] })
    await expect(upload('valid', tooFew)).rejects.toMatchObject({ status: 422 })
    expect(await stored('valid')).toBe(true)
  })
})

describe('an evaluation run', () => {
  it('is created, evaluated and shown', async () => {
    await register('first', IMAGES)
    const created = await launchRun(api, versionId, 'first')
    expect(created.status).toBe('queued')
    runId = created.id
    expect(await finishedRun(api, runId)).toMatchObject({
      status: 'succeeded',
      modelVersionId: versionId,
      dataset: 'first',
      progress: { done: IMAGES, errors: 0, total: IMAGES },
      reused: 0,
      excluded: 0,
      provider: 'cpu',
      reason: null,
      timings: { imagesPerSecond: expect.any(Number), inferenceP99Seconds: expect.any(Number) },
    })
    const listed = await listRuns({ dataset: 'first', status: 'succeeded' })
    expect(listed.map(({ id }) => id)).toEqual([runId])
  })

  it('answers a repeated Idempotency-Key with the same run, and another body with 409', async () => {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': 'run-once' }
    const body = JSON.stringify({ modelVersionId: versionId, dataset: 'first' })
    const [one, two] = [
      await send('POST', '/api/evaluation-runs', headers, body),
      await send('POST', '/api/evaluation-runs', headers, body),
    ]
    const [first, second] = [await one.json(), await two.json()]
    expect([one.status, two.status, second]).toEqual([201, 201, first])
    const other = JSON.stringify({ modelVersionId: versionId, dataset: 'other' })
    expect((await send('POST', '/api/evaluation-runs', headers, other)).status).toBe(409)
    const run = await finishedRun(api, first.id)
    expect(run).toMatchObject({ status: 'succeeded', reused: IMAGES })
  })

  it('gives its predictions page by page and as CSV with the same numbers', async () => {
    const page = (cursor?: string | null) => {
      const query = { limit: 7, ...(cursor ? { cursor } : {}) }
      return dataOf(
        api.GET('/api/evaluation-runs/{id}/predictions', { params: { path: { id: runId }, query } }),
      )
    }
    let { items, nextCursor } = await page()
    const rows = [...items]
    while (nextCursor !== null) {
      ;({ items, nextCursor } = await page(nextCursor))
      rows.push(...items)
    }
    expect(new Set(rows.map(({ imageKey }) => imageKey)).size).toBe(IMAGES)
    const csv = await send('GET', `/api/evaluation-runs/${runId}/predictions`, { Accept: 'text/csv' })
    expect(csv.headers.get('content-type')).toContain('text/csv')
    const [header, ...lines] = (await csv.text()).trim().split('\r\n')
    expect(header).toBe(['imageKey,referenceClass,predictedClass,status,code', ...CLASSES].join(','))
    expect(lines.map((line) => line.split(',').slice(-3).map(Number))).toEqual(
      rows.map(({ probabilities }) => probabilities),
    )
  })

  it('tells its progress by events that end with its end', async () => {
    const { id } = await launchRun(api, versionId, 'first')
    const response = await send('GET', `/api/evaluation-runs/${id}/events`, {
      'Last-Event-ID': 'garbage',
    })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const events = (await response.text())
      .split('\n\n')
      .filter((event) => event.startsWith('id:'))
      .map((event) => ({
        name: /^event: (.*)$/m.exec(event)?.[1],
        data: JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? 'null'),
      }))
    expect(events.at(-1)).toMatchObject({ name: 'end', data: { id, status: 'succeeded' } })
    expect(events.slice(0, -1).every(({ name }) => name === 'progress')).toBe(true)
    const again = await send('GET', `/api/evaluation-runs/${id}/events`, {})
    expect(await again.text()).toContain('event: end')
    expect((await send('GET', `/api/evaluation-runs/${crypto.randomUUID()}/events`, {})).status).toBe(404)
  })

  it('has no metrics before it has succeeded, and cannot be retried or cancelled when nothing is left', async () => {
    const cancel = (run: string) => dataOf(api.POST('/api/evaluation-runs/{id}/cancel', byId(run)))
    const retry = (run: string) => dataOf(api.POST('/api/evaluation-runs/{id}/retry', byId(run)))
    for (const change of [retry, cancel]) await expect(change(runId)).rejects.toMatchObject({ status: 409 })
    await register('cancelled', 400)
    const { id } = await launchRun(api, versionId, 'cancelled')
    expect((await cancel(id)).status).toBe('cancelled')
    const refusal = { status: 409, code: 'RUN_NOT_SUCCEEDED' }
    await expect(getMetrics(api, id)).rejects.toMatchObject(refusal)
    expect((await retry(id)).status).toBe('queued')
    expect(await finishedRun(api, id)).toMatchObject({
      status: 'succeeded',
      progress: { done: 400, errors: 0, total: 400 },
    })
    expect((await getMetrics(api, id)).n).toBe(400)
  })

  it.each([
    ['an unknown dataset', { dataset: 'nowhere' }, 404],
    ['an unknown version', { modelVersionId: crypto.randomUUID() }, 404],
    ['a version that is no id', { modelVersionId: 'x' }, 400],
    ['a key that is not agreed', { epoch: 7 }, 400],
  ])('is not created for %s', async (_what, changes, status) => {
    const body = { modelVersionId: versionId, dataset: 'first', ...changes }
    const headers = { 'Content-Type': 'application/json' }
    const refused = await send('POST', '/api/evaluation-runs', headers, JSON.stringify(body))
    expect(refused.status).toBe(status)
  })

  it('is not created over no images or unknown classes', async () => {
    mkdirSync(path.join(work, 'empty'))
    await registerFolder(api, 'empty', `${work}/empty`)
    const empty = { status: 422, code: 'EMPTY_DATASET' }
    await expect(launchRun(api, versionId, 'empty')).rejects.toMatchObject(empty)

    const folder = writeDataset('strange', 6)
    cpSync(path.join(folder, CLASSES[0] ?? ''), path.join(folder, 'lung-tb'), { recursive: true })
    await registerFolder(api, 'strange', folder)
    const strange = { status: 422, code: 'UNKNOWN_CLASS', details: { findingClasses: ['lung-tb'] } }
    await expect(launchRun(api, versionId, 'strange')).rejects.toMatchObject(strange)
  })

  it('shows on /metrics in families that promtool accepts, and is gone from there when it is deleted', async () => {
    const { overall } = await getMetrics(api, runId)
    const scrape = async () => (await fetch(`${instance.url}/metrics`)).text()
    const text = await scrape()
    expect(text).toContain(`model_overall_accuracy{dataset="first"} ${overall.accuracy}`)
    expect(text).toMatch(/second_reader_evaluation_accuracy\{dataset="first",model_version="evaluated v1"\}/)
    expect(text).toMatch(/second_reader_evaluation_runs\{status="succeeded"\} \d/)
    execFileSync('promtool', ['check', 'metrics'], { input: text })
    for (const { id } of await listRuns({ dataset: 'first' }))
      await api.DELETE('/api/evaluation-runs/{id}', byId(id))
    expect(await scrape()).not.toContain('dataset="first"')
    await expect(getRun(api, runId)).rejects.toMatchObject({ status: 404 })
  })

  it('keeps its version from being archived while it is at work', async () => {
    await register('held', 300)
    const { id } = await launchRun(api, versionId, 'held')
    const archive = () => api.DELETE('/api/model-versions/{id}', byId(versionId))
    await expect(archive()).rejects.toMatchObject({ status: 409, code: 'MODEL_VERSION_IN_USE' })
    expect((await finishedRun(api, id)).status).toBe('succeeded')
    await archive()
    expect((await dataOf(api.GET('/api/model-versions/{id}', byId(versionId)))).archivedAt).not.toBeNull()
    const params = { query: { limit: 500 } }
    const listed = (await dataOf(api.GET('/api/model-versions', { params }))).items
    expect(listed.map((version) => version.id)).not.toContain(versionId)
  })
})
