import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApiClient, apiClient } from '#tests/support/api-client.ts'
import { type Instance, startInstance } from '#tests/support/instance.ts'
import { makePng } from '#tests/support/test-images.ts'
import { readTestModel, testModelCard } from '#tests/support/test-models.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

const CLASSES = testModelCard().findingClasses
const IMAGES = 30

let work: string
let instance: Instance
let api: ApiClient
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
  const location = `file:${writeDataset(name, images)}`
  expect((await api.post('/api/datasets', { name, location })).status).toBe(201)
}

async function modelUpload(name: string, card: unknown = testModelCard()): Promise<FormData> {
  const form = new FormData()
  form.set('model', new Blob([Uint8Array.from((await readTestModel(name)).bytes)]), 'model.onnx')
  form.set('card', typeof card === 'string' ? card : JSON.stringify(card))
  return form
}

const send = (method: string, address: string, headers: Record<string, string>, body?: string | FormData) =>
  fetch(`${instance.url}${address}`, {
    method,
    headers: { Authorization: `Bearer ${instance.apiKey}`, ...headers },
    ...(body === undefined ? {} : { body }),
  })

beforeAll(async () => {
  work = mkdtempSync(path.join(tmpdir(), 'sr-runs-'))
  instance = await startInstance({ env: { DATASET_ROOTS: work } })
  api = apiClient(instance.url, instance.apiKey)
})
afterAll(async () => {
  await instance?.stop()
  rmSync(work, { recursive: true, force: true })
})

describe('model versions', () => {
  it('are made of admitted models, one for each model and card', async () => {
    const first = await api.upload('/api/model-versions', await modelUpload('valid'))
    expect(first.status, first.text).toBe(201)
    expect(first.body).toMatchObject({
      name: 'test-model',
      number: 1,
      findingClasses: CLASSES,
      stage: null,
      sha256: (await readTestModel('valid')).sha256,
      admission: { provider: 'cpu' },
    })
    const again = await api.upload('/api/model-versions', await modelUpload('valid'))
    expect([again.status, again.body.id]).toEqual([200, first.body.id])
    const other = testModelCard({ lineage: { parent: first.body.id } })
    const second = await api.upload('/api/model-versions', await modelUpload('valid', other))
    expect([second.status, second.body.number]).toEqual([201, 2])
    versionId = first.body.id
    expect((await api.get(`/api/model-versions/${versionId}`)).body).toEqual(first.body)
    const listed = (await api.get('/api/model-versions?limit=1')).body
    expect(listed.items).toEqual([second.body])
    const rest = await api.get(`/api/model-versions?limit=1&cursor=${listed.nextCursor}`)
    expect(rest.body.items[0].id).toBe(versionId)
  })

  it('get different numbers when they are uploaded at once', async () => {
    const uploads = await Promise.all(
      [0.1, 0.2, 0.3, 0.4].map(async (mean) =>
        api.upload(
          '/api/model-versions',
          await modelUpload('valid', testModelCard({ name: 'crowd', preprocessing: { mean: [mean] } })),
        ),
      ),
    )
    expect(uploads.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(uploads.map(({ body }) => body.number).sort()).toEqual([1, 2, 3, 4])
  })

  it('answer a repeated Idempotency-Key as they answered the first', async () => {
    const headers = { 'Idempotency-Key': 'upload-once' }
    const card = testModelCard({ name: 'idempotent' })
    const answers = []
    for (let times = 0; times < 2; times++) {
      const response = await send('POST', '/api/model-versions', headers, await modelUpload('valid', card))
      answers.push([response.status, await response.json()])
    }
    expect(answers[0]?.[0], JSON.stringify(answers[0])).toBe(201)
    expect(answers[1]).toEqual(answers[0])
  })

  it.each([
    ['wrong-class-count', testModelCard(), 422, 'CLASS_COUNT_MISMATCH'],
    ['opset-99', testModelCard(), 422, 'MODEL_OPSET'],
    ['not-finite', testModelCard(), 422, 'MODEL_NOT_FINITE'],
    ['valid', { ...testModelCard(), surprise: true }, 422, 'INVALID_CARD'],
    ['valid', { name: 'x', findingClasses: ['a', 'a'] }, 422, 'INVALID_CARD'],
    ['valid', '{"name": "x",', 400, 'BAD_JSON'],
    ['valid', '{"name": "a", "name": "b"}', 400, 'BAD_JSON'],
  ])('are not made of %s under card %j', async (model, card, status, code) => {
    const reply = await api.upload('/api/model-versions', await modelUpload(model, card))
    expect([reply.status, reply.body.error.code]).toEqual([status, code])
    expect(reply.body.error.message).not.toBe('')
  })

  it('leave no bytes behind when they are refused, and keep those that another version needs', async () => {
    const stored = async (name: string) =>
      existsSync(
        path.join(instance.dataDir, 'objects', 'models', `${(await readTestModel(name)).sha256}.onnx`),
      )
    await api.upload('/api/model-versions', await modelUpload('random-output'))
    expect(await stored('random-output')).toBe(false)
    const tooFew = testModelCard({ findingClasses: ['lung-covid', 'lung-normal'] })
    const refused = await api.upload('/api/model-versions', await modelUpload('valid', tooFew))
    expect([refused.status, await stored('valid')]).toEqual([422, true])
  })
})

describe('an evaluation run', () => {
  it('is created, evaluated and shown', async () => {
    await register('first', IMAGES)
    const created = await api.post('/api/evaluation-runs', { modelVersionId: versionId, dataset: 'first' })
    expect([created.status, created.body.status], created.text).toEqual([201, 'queued'])
    runId = created.body.id
    expect(await api.finishedRun(runId)).toMatchObject({
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
    const listed = await api.get(`/api/evaluation-runs?dataset=first&status=succeeded`)
    expect(listed.body.items.map(({ id }: { id: string }) => id)).toEqual([runId])
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
    const run = await api.finishedRun(first.id)
    expect(run).toMatchObject({ status: 'succeeded', reused: IMAGES })
  })

  it('gives its predictions page by page and as CSV with the same numbers', async () => {
    const rows: { imageKey: string; probabilities: number[] }[] = []
    for (let cursor = ''; ; ) {
      const page = await api.get(`/api/evaluation-runs/${runId}/predictions?limit=7${cursor}`)
      rows.push(...page.body.items)
      if (page.body.nextCursor === null) break
      cursor = `&cursor=${page.body.nextCursor}`
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
    const { body } = await api.post('/api/evaluation-runs', { modelVersionId: versionId, dataset: 'first' })
    const response = await send('GET', `/api/evaluation-runs/${body.id}/events`, {
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
    expect(events.at(-1)).toMatchObject({ name: 'end', data: { id: body.id, status: 'succeeded' } })
    expect(events.slice(0, -1).every(({ name }) => name === 'progress')).toBe(true)
    const again = await send('GET', `/api/evaluation-runs/${body.id}/events`, {})
    expect(await again.text()).toContain('event: end')
    expect((await send('GET', `/api/evaluation-runs/${crypto.randomUUID()}/events`, {})).status).toBe(404)
  })

  it('has no metrics before it has succeeded, and cannot be retried or cancelled when nothing is left', async () => {
    expect((await api.post(`/api/evaluation-runs/${runId}/retry`)).status).toBe(409)
    expect((await api.post(`/api/evaluation-runs/${runId}/cancel`)).status).toBe(409)
    await register('cancelled', 400)
    const { body } = await api.post('/api/evaluation-runs', {
      modelVersionId: versionId,
      dataset: 'cancelled',
    })
    const cancelled = await api.post(`/api/evaluation-runs/${body.id}/cancel`)
    expect([cancelled.status, cancelled.body.status]).toEqual([200, 'cancelled'])
    const metrics = await api.get(`/api/evaluation-runs/${body.id}/metrics`)
    expect([metrics.status, metrics.body.error.code]).toEqual([409, 'RUN_NOT_SUCCEEDED'])
    expect((await api.post(`/api/evaluation-runs/${body.id}/retry`)).body.status).toBe('queued')
    expect(await api.finishedRun(body.id)).toMatchObject({
      status: 'succeeded',
      progress: { done: 400, errors: 0, total: 400 },
    })
    expect((await api.get(`/api/evaluation-runs/${body.id}/metrics`)).body.n).toBe(400)
  })

  it.each([
    ['an unknown dataset', { dataset: 'nowhere' }, 404],
    ['an unknown version', { modelVersionId: crypto.randomUUID() }, 404],
    ['a version that is no id', { modelVersionId: 'x' }, 400],
    ['a key that is not agreed', { epoch: 7 }, 400],
  ])('is not created for %s', async (_what, changes, status) => {
    const body = { modelVersionId: versionId, dataset: 'first', ...changes }
    expect((await api.post('/api/evaluation-runs', body)).status).toBe(status)
  })

  it('is not created over no images or unknown classes', async () => {
    mkdirSync(path.join(work, 'empty'))
    await api.post('/api/datasets', { name: 'empty', location: `file:${work}/empty` })
    const empty = await api.post('/api/evaluation-runs', { modelVersionId: versionId, dataset: 'empty' })
    expect([empty.status, empty.body.error.code]).toEqual([422, 'EMPTY_DATASET'])

    const folder = writeDataset('strange', 6)
    cpSync(path.join(folder, CLASSES[0] ?? ''), path.join(folder, 'lung-tb'), { recursive: true })
    await api.post('/api/datasets', { name: 'strange', location: `file:${folder}` })
    const strange = await api.post('/api/evaluation-runs', { modelVersionId: versionId, dataset: 'strange' })
    expect([strange.status, strange.body.error.code]).toEqual([422, 'UNKNOWN_CLASS'])
    expect(strange.body.error.details).toEqual({ findingClasses: ['lung-tb'] })
  })

  it('shows on /metrics in families that promtool accepts, and is gone from there when it is deleted', async () => {
    const { body } = await api.get(`/api/evaluation-runs/${runId}/metrics`)
    const { text } = await api.get('/metrics')
    expect(text).toContain(`model_overall_accuracy{dataset="first"} ${body.overall.accuracy}`)
    expect(text).toMatch(/second_reader_evaluation_accuracy\{dataset="first",model_version="test-model v1"\}/)
    expect(text).toMatch(/second_reader_evaluation_runs\{status="succeeded"\} \d/)
    execFileSync('promtool', ['check', 'metrics'], { input: text })
    const runs = (await api.get('/api/evaluation-runs?dataset=first')).body.items
    for (const run of runs)
      expect((await api.call('DELETE', `/api/evaluation-runs/${run.id}`)).status).toBe(204)
    expect((await api.get('/metrics')).text).not.toContain('dataset="first"')
    expect((await api.get(`/api/evaluation-runs/${runId}`)).status).toBe(404)
  })

  it('keeps its version from being archived while it is at work', async () => {
    await register('held', 300)
    const { body } = await api.post('/api/evaluation-runs', { modelVersionId: versionId, dataset: 'held' })
    const refused = await api.call('DELETE', `/api/model-versions/${versionId}`)
    expect([refused.status, refused.body.error.code]).toEqual([409, 'MODEL_VERSION_IN_USE'])
    await waitUntil('the run has ended', async () => (await api.finishedRun(body.id)).status === 'succeeded')
    expect((await api.call('DELETE', `/api/model-versions/${versionId}`)).status).toBe(204)
    expect((await api.get(`/api/model-versions/${versionId}`)).body.archivedAt).not.toBeNull()
    const listed = (await api.get('/api/model-versions?limit=500')).body.items
    expect(listed.some(({ id }: { id: string }) => id === versionId)).toBe(false)
  })
})
