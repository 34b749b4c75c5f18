import { mkdtempSync, openAsBlob, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApiClient, dataOf } from '#lib/delivery/client/api-client.ts'
import { plainPng } from '#tests/support/hostile-images.ts'
import { type Instance, type ProcessName, startInstance } from '#tests/support/instance.ts'
import {
  LARGE_MODEL_ANSWER,
  LARGE_MODEL_PARAMETERS,
  largeModel,
  sparseFile,
} from '#tests/support/large-model.ts'
import { fileReader, hidden, same } from '#tests/support/onnx-bytes.ts'
import { modelForm, serviceApi, uploadVersion } from '#tests/support/service-api.ts'
import { testModelCard } from '#tests/support/test-models.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

const MEGABYTE = 2 ** 20

let folder: string
let instance: Instance
let api: ApiClient
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sr-large-models-'))
  // A busy machine reads a model of this size for longer than 30 s.
  instance = await startInstance({
    env: { EVALUATOR_ADMISSION_SECONDS: '240', EVALUATOR_INFERENCE_SECONDS: '240' },
  })
  api = serviceApi(instance)
})
afterAll(async () => {
  await instance?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const models = () => path.join(instance.dataDir, 'objects', 'models')

const upload = async (file: string, card: object = testModelCard()) =>
  uploadVersion(api, await modelForm(await openAsBlob(file), card))

/** The most that a process has held so far. */
function peakBytes(name: ProcessName): number {
  const status = readFileSync(`/proc/${instance.pid(name)}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) * 1024
}

describe('a model of 400 MB', () => {
  it('is taken, predicts, and is never held whole by web or evaluator', async () => {
    const before = { web: peakBytes('web'), evaluator: peakBytes('evaluator') }
    const { id, admission } = await upload(largeModel(path.join(folder, 'large.onnx')))
    expect(admission).toMatchObject({ model: { parameters: LARGE_MODEL_PARAMETERS } })
    for (const name of ['web', 'evaluator'] as const)
      expect(peakBytes(name) - before[name], name).toBeLessThan(250 * MEGABYTE)
    let probabilities: number[] = []
    // While a child still reads the model, a busy machine may answer that it does so.
    await waitUntil('the model predicts', async () => {
      const form = new FormData()
      form.set('image', new Blob([Uint8Array.from(plainPng(64, 64, 7))]), 'a.png')
      const params = { path: { id } }
      const tried = api.POST('/api/model-versions/{id}/predictions', { params, body: form })
      probabilities = (await dataOf(tried).catch(() => null))?.probabilities ?? []
      return probabilities.length > 0
    })
    for (const [k, probability] of LARGE_MODEL_ANSWER.entries())
      expect(probabilities[k]).toBeCloseTo(probability, 12)
  })
})

describe('a model file', () => {
  it('of 900 MB of noise is no model', async () => {
    const noise = Buffer.from('9f3a77c1f00d'.repeat(1000), 'hex')
    const file = sparseFile(path.join(folder, 'noise.onnx'), noise, 900 * MEGABYTE, noise)
    await expect(upload(file)).rejects.toMatchObject({ status: 422, code: 'MODEL_PARSE' })
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
    const uploaded = upload(file, testModelCard({ findingClasses }))
    await expect(uploaded).rejects.toMatchObject({ status: 422, code })
  })
})
