import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type EvaluationLine,
  evaluationLineSchema,
  type ModelReference,
  readyReplySchema,
} from '#lib/model/evaluator/evaluator-contract.ts'
import { EvaluatorProcess } from '#tests/support/evaluator-process.ts'
import * as hostile from '#tests/support/hostile-images.ts'
import { testModelCard } from '#tests/support/test-models.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

let evaluator: EvaluatorProcess
let model: ModelReference
let jpeg: Buffer

beforeAll(async () => {
  evaluator = await EvaluatorProcess.start()
  model = await evaluator.storeModel('valid')
  jpeg = await hostile.pictureJpeg()
  await evaluator.storeObject('datasets/final_eval/lung-normal/a.jpg', jpeg)
})
afterAll(() => evaluator.stop())

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const inline = (bytes: Uint8Array) => ({ bytes: Buffer.from(bytes).toString('base64') })
const own = (key: string) => ({ location: null, key })

async function evaluateOne(source: object, more: object = {}): Promise<EvaluationLine> {
  const { lines, done } = await evaluator.evaluate({ model, items: [{ id: 'one', source, ...more }] })
  expect(done).toBe(true)
  expect(lines).toHaveLength(1)
  return evaluationLineSchema.parse(lines[0])
}
const codeOf = (line: EvaluationLine) => (line.status === 'error' ? line.code : 'ok')

describe('POST /evaluations', () => {
  it('answers every item once and ends with the trailer', async () => {
    const items = Array.from({ length: 40 }, (_, i) => ({
      id: `image ${i}`,
      source:
        i % 2 === 0 ? own('datasets/final_eval/lung-normal/a.jpg') : inline(hostile.plainPng(50, 40, i)),
    }))
    const { lines, done } = await evaluator.evaluate({ model, items })
    expect(done).toBe(true)
    expect(lines.map((line) => line.id).sort()).toEqual(items.map((item) => item.id).sort())
    for (const line of lines) expect(evaluationLineSchema.parse(line).status).toBe('ok')
  })

  it('gives probabilities that sum to 1, the image’s size, and what they were made with', async () => {
    const line = await evaluateOne(inline(hostile.plainPng(50, 40)))
    expect(line).toMatchObject({ modelSha256: model.sha256, provider: 'cpu', width: 50, height: 40 })
    const probabilities = line.status === 'ok' ? line.probabilities : []
    expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    expect(line.status === 'ok' && line.predictedIndex).toBe(
      probabilities.indexOf(Math.max(...probabilities)),
    )
  })

  it('gives the same probabilities for an image wherever its bytes come from', async () => {
    const lines = [
      await evaluateOne(inline(jpeg)),
      await evaluateOne(own('datasets/final_eval/lung-normal/a.jpg')),
    ]
    const [first, second] = lines.map((line) => (line.status === 'ok' ? line.probabilities : line.code))
    expect(first).toEqual(second)
  })

  it('refuses a bad image alone: its neighbours are answered', async () => {
    const items = [jpeg, jpeg.subarray(0, 300), Buffer.alloc(0), hostile.SVG, jpeg].map((bytes, i) => ({
      id: `${i}`,
      source: inline(bytes),
    }))
    const { lines } = await evaluator.evaluate({ model, items })
    const codes = Object.fromEntries(lines.map((line) => [line.id, codeOf(line)]))
    expect(codes).toEqual({ 0: 'ok', 1: 'TRUNCATED_IMAGE', 2: 'EMPTY_FILE', 3: 'UNSUPPORTED_IMAGE', 4: 'ok' })
  })

  it('makes an error row of an output that is not finite', async () => {
    const fragile = await evaluator.storeModel('not-finite-for-grey')
    const items = [51, 52].map((level) => ({
      id: `${level}`,
      source: inline(hostile.plainPng(64, 64, level)),
    }))
    const { lines } = await evaluator.evaluate({ model: fragile, items })
    const codes = Object.fromEntries(lines.map((line) => [line.id, codeOf(line)]))
    expect(codes).toEqual({ 51: 'INVALID_OUTPUT', 52: 'ok' })
  })

  it('takes content that changed since the snapshot for no answer', async () => {
    expect(codeOf(await evaluateOne(inline(jpeg), { sha256: sha256(jpeg) }))).toBe('ok')
    const other = { sha256: sha256(hostile.GIF) }
    expect(codeOf(await evaluateOne(inline(jpeg), other))).toBe('CHANGED_DURING_RUN')
    expect(codeOf(await evaluateOne(own('datasets/final_eval/lung-normal/a.jpg'), other))).toBe(
      'CHANGED_DURING_RUN',
    )
  })

  it.each([
    ['an object that is gone', own('datasets/final_eval/lung-normal/gone.jpg'), 'NOT_FOUND'],
    ['a key that climbs', own('../objects/models'), 'NOT_FOUND'],
    ['a folder outside the dataset roots', { location: 'file:/etc', key: 'passwd' }, 'UNREACHABLE'],
    ['a folder that does not exist', { location: 'file:/nowhere', key: 'a.jpg' }, 'UNREACHABLE'],
    ['an address', { location: 'http://169.254.169.254/', key: 'a.jpg' }, 'UNREACHABLE'],
    [
      'a bucket of a server of the caller',
      { location: 's3://b?endpoint=http://169.254.169.254', key: 'a' },
      'UNREACHABLE',
    ],
  ])('does not read %s', async (_name, source, code) => {
    expect(codeOf(await evaluateOne(source))).toBe(code)
  })

  it('reads folders below the dataset roots, and does not follow a link out of them', async () => {
    const folder = path.join(evaluator.folder, 'datasets', 'clinic')
    await mkdir(path.join(folder, 'lung-normal'), { recursive: true })
    await writeFile(path.join(folder, 'lung-normal', 'b.jpg'), jpeg)
    await symlink('/etc', path.join(evaluator.folder, 'datasets', 'escape'))
    const key = 'lung-normal/b.jpg'
    expect(codeOf(await evaluateOne({ location: `file:${folder}`, key }))).toBe('ok')
    const outside = `file:${path.join(evaluator.folder, 'datasets', 'escape')}`
    expect(codeOf(await evaluateOne({ location: outside, key: 'passwd' }))).toBe('UNREACHABLE')
  })

  it.each([
    [
      'a model that is not stored',
      404,
      'MODEL_NOT_FOUND',
      { model: { sha256: 'c'.repeat(64), card: testModelCard() } },
    ],
    ['a body without items', 400, 'BAD_REQUEST', { items: [] }],
    ['an item twice', 400, 'BAD_REQUEST', { items: [1, 2].map(() => ({ id: 'a', source: own('b') })) }],
    ['an unknown field', 400, 'BAD_REQUEST', { priority: 1 }],
  ])('refuses %s', async (_name, status, code, changes) => {
    const response = await evaluator.post('/evaluations', {
      model,
      items: [{ id: 'a', source: own('b') }],
      ...changes,
    })
    expect(response.status).toBe(status)
    expect((await response.json()).error).toMatchObject({ code, requestId: expect.any(String) })
  })

  it('refuses a model that fails its admission', async () => {
    const refused = await evaluator.storeModel('random-output')
    const response = await evaluator.post('/evaluations', {
      model: refused,
      items: [{ id: 'a', source: own('b') }],
    })
    expect(response.status).toBe(422)
    expect((await response.json()).error.code).toBe('MODEL_NOT_DETERMINISTIC')
  })

  it('gives up the images of a client that has gone', async () => {
    const items = Array.from({ length: 1000 }, (_, i) => ({
      id: `${i}`,
      source: own('datasets/final_eval/lung-normal/a.jpg'),
    }))
    const before = await imagesAnswered()
    const abort = new AbortController()
    const response = await evaluator.post('/evaluations', { model, items }, { signal: abort.signal })
    await response.body?.getReader().read()
    abort.abort()
    await waitUntil('its children rest', async () => (await workersBusy()) === 0)
    const answered = (await imagesAnswered()) - before
    expect(answered).toBeLessThan(1000)
    // Images of the client that has gone would be counted beside these.
    await evaluator.evaluate({ model, items: items.slice(0, 20) })
    expect((await imagesAnswered()) - before).toBe(answered + 20)
  })
})

describe('POST /predictions', () => {
  it('answers one image with one line', async () => {
    const response = await evaluator.post('/predictions', { model, image: inline(jpeg) })
    expect(response.status).toBe(200)
    expect(evaluationLineSchema.parse(await response.json())).toMatchObject({ status: 'ok', width: 256 })
  })
})

async function workersBusy(): Promise<number> {
  return readyReplySchema.parse(await (await evaluator.request('/ready')).json()).workers.busy
}

async function imagesAnswered(): Promise<number> {
  const text = await (await evaluator.request('/metrics')).text()
  const counts = text.matchAll(/^evaluator_images_total\{.*\} (\d+)$/gm)
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0)
}

describe('an inference process', () => {
  it('leaves nothing in the home folder: no use of it is reported', async () => {
    const home = await mkdtemp(path.join(tmpdir(), 'sr-home-'))
    const quiet = await EvaluatorProcess.start({ HOME: home })
    const ownModel = await quiet.storeModel('valid')
    const { lines } = await quiet.evaluate({ model: ownModel, items: [{ id: 'one', source: inline(jpeg) }] })
    expect(lines.map((line) => evaluationLineSchema.parse(line).status)).toEqual(['ok'])
    await quiet.stop()
    expect(await readdir(home, { recursive: true })).toEqual([])
    await rm(home, { recursive: true })
  })
})
