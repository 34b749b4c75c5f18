import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openAsBlob,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApiClient, apiClient } from '#tests/support/api-client.ts'
import { plainPng } from '#tests/support/hostile-images.ts'
import { type Instance, type ProcessName, startInstance } from '#tests/support/instance.ts'
import {
  bytes,
  fileReader,
  floats,
  hidden,
  integer,
  node,
  same,
  value,
  varint,
} from '#tests/support/onnx-bytes.ts'
import { testModelCard } from '#tests/support/test-models.ts'

const MEGABYTE = 2 ** 20
const SIDE = 64
/** 400 MB of weights. */
const COLUMNS = 25_600

let folder: string
let instance: Instance
let api: ApiClient
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sr-large-models-'))
  // A busy machine reads a model of this size for longer than 30 s.
  instance = await startInstance({
    env: { EVALUATOR_ADMISSION_SECONDS: '240', EVALUATOR_INFERENCE_SECONDS: '240' },
  })
  api = apiClient(instance.url, instance.apiKey)
})
afterAll(async () => {
  await instance?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const models = () => path.join(instance.dataDir, 'objects', 'models')

/** A file with so many zeros between two pieces, which take no place on disk. */
function sparseFile(name: string, head: Buffer, zeros: number, tail: Buffer): string {
  const file = path.join(folder, name)
  const descriptor = openSync(file, 'w')
  writeSync(descriptor, head, 0, head.length, 0)
  ftruncateSync(descriptor, head.length + zeros)
  writeSync(descriptor, tail, 0, tail.length, head.length + zeros)
  closeSync(descriptor)
  return file
}

/** Flatten, a layer of `COLUMNS` zeros for each pixel, a small layer, and a bias: the answer is softmax([0, 1, 2]). */
function largeModel(): string {
  const weights = SIDE * SIDE * COLUMNS * 4
  const graph = Buffer.concat([
    node('Flatten', ['input'], ['flat']),
    node('MatMul', ['flat', 'large'], ['wide']),
    node('MatMul', ['wide', 'small'], ['scores']),
    node('Add', ['scores', 'bias'], ['logits']),
    bytes(5, floats('small', Array(COLUMNS * 3).fill(0), [COLUMNS, 3])),
    bytes(5, floats('bias', [0, 1, 2], [1, 3])),
    bytes(11, value('input', ['N', 1, SIDE, SIDE])),
    bytes(12, value('logits', ['N', 3])),
  ])
  const tensor = Buffer.concat([
    floats('large', [], [SIDE * SIDE, COLUMNS]).subarray(0, -2), // without its empty values
    varint(9 * 8 + 2),
    varint(weights),
  ])
  const initializer = Buffer.concat([varint(5 * 8 + 2), varint(tensor.length + weights), tensor])
  const graphLength = varint(graph.length + initializer.length + weights)
  const head = Buffer.concat([integer(1, 8), varint(7 * 8 + 2), graphLength, graph, initializer])
  return sparseFile('large.onnx', head, weights, Buffer.from([0x42, 2, 0x10, 17])) // operator set 17
}

async function upload(file: string, card: object = testModelCard()) {
  const form = new FormData()
  form.set('card', JSON.stringify(card))
  form.set('model', await openAsBlob(file), 'model.onnx')
  return api.upload('/api/model-versions', form)
}

/** The most that a process has held so far. */
function peakBytes(name: ProcessName): number {
  const status = readFileSync(`/proc/${instance.pid(name)}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) * 1024
}

describe.runIf(process.platform === 'linux')('a model of 400 MB', () => {
  it('is taken, predicts, and is never held whole by web or evaluator', async () => {
    const before = { web: peakBytes('web'), evaluator: peakBytes('evaluator') }
    const { status, body } = await upload(largeModel())
    expect([status, body.admission?.model?.parameters]).toEqual([
      201,
      SIDE * SIDE * COLUMNS + COLUMNS * 3 + 3,
    ])
    for (const name of ['web', 'evaluator'] as const)
      expect(peakBytes(name) - before[name], name).toBeLessThan(250 * MEGABYTE)
    const form = new FormData()
    form.set('image', new Blob([Uint8Array.from(plainPng(SIDE, SIDE, 7))]), 'a.png')
    const tried = await api.upload(`/api/model-versions/${body.id}/predictions`, form)
    // scipy.special.softmax([0, 1, 2])
    const expected = [0.09003057317038046, 0.24472847105479764, 0.6652409557748218]
    for (const [k, probability] of expected.entries())
      expect(tried.body.probabilities[k]).toBeCloseTo(probability, 12)
  })
})

describe('a model file', () => {
  it('of 900 MB of noise is no model', async () => {
    const noise = Buffer.from('9f3a77c1f00d'.repeat(1000), 'hex')
    const { status, body } = await upload(sparseFile('noise.onnx', noise, 900 * MEGABYTE, noise))
    expect([status, body.error?.code]).toEqual([422, 'MODEL_PARSE'])
    const sizes = readdirSync(models()).map((name) => statSync(path.join(models(), name)).size)
    expect(sizes.filter((size) => size > 900 * MEGABYTE)).toEqual([])
  })

  it.each([
    ['in plain view', same, 'MODEL_EXTERNAL_DATA'],
    ['where the runtime alone sees it', hidden, 'MODEL_PARSE'],
  ])('that reads the service’s secrets is refused: %s', async (_how, disguise, code) => {
    const location = path.relative(process.cwd(), path.join(instance.dataDir, 'secret'))
    const file = path.join(folder, 'reader.onnx')
    writeFileSync(file, fileReader({ location, length: 32 }, disguise))
    const findingClasses = Array.from({ length: 33 }, (_, i) => `byte-${i}`)
    const { status, body } = await upload(file, testModelCard({ findingClasses }))
    expect([status, body.error?.code]).toEqual([422, code])
  })
})
