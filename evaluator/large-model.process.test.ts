import { createHash } from 'node:crypto'
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AdmissionReply } from '#lib/model/evaluator/evaluator-contract.ts'
import { openObjectStore } from '#lib/platform/object-store/open.ts'
import { EvaluatorProcess } from '#tests/support/evaluator-process.ts'
import { plainPng } from '#tests/support/hostile-images.ts'
import {
  LARGE_MODEL_ANSWER,
  LARGE_MODEL_PARAMETERS,
  largeModel,
  sparseFile,
} from '#tests/support/large-model.ts'
import { testModelCard } from '#tests/support/test-models.ts'

const MEGABYTE = 2 ** 20
/** A minute on a busy machine, most of it for its disk. */
const MOST_MILLISECONDS = 400_000

let folder: string
let evaluator: EvaluatorProcess
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sr-large-model-'))
  // One child, which has held the model before when it gets it again; a busy machine reads it for some time.
  const seconds = { EVALUATOR_ADMISSION_SECONDS: '240', EVALUATOR_INFERENCE_SECONDS: '240' }
  evaluator = await EvaluatorProcess.start({ EVALUATOR_WORKERS: '1', ...seconds })
})
afterAll(async () => {
  await evaluator?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function store(file: string) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  const sha256 = hash.digest('hex')
  const objects = openObjectStore(`file:${path.join(evaluator.folder, 'objects')}`, { create: true })
  await objects.put(`models/${sha256}.onnx`, { path: file, sizeBytes: statSync(file).size })
  return { sha256, card: testModelCard() }
}
const admit = async (model: object) =>
  (await (await evaluator.post('/admissions', { model })).json()) as AdmissionReply

/** The most that the evaluator itself, without its children, has held so far. */
function peakBytes(): number {
  const status = readFileSync(`/proc/${evaluator.child.pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) * 1024
}

it.runIf(process.platform === 'linux')(
  'a model of 400 MB is admitted by a child again and again, predicts, and never lies in the evaluator itself',
  async () => {
    const model = await store(largeModel(path.join(folder, 'large.onnx')))
    const before = peakBytes()
    const image = { bytes: plainPng(64, 64, 7).toString('base64') }
    for (let round = 0; round < 3; round++) {
      expect(await admit(model)).toMatchObject({
        admitted: true,
        model: { parameters: LARGE_MODEL_PARAMETERS },
      })
      const line = await (await evaluator.post('/predictions', { model, image })).json()
      for (const [k, probability] of LARGE_MODEL_ANSWER.entries())
        expect(line.probabilities[k]).toBeCloseTo(probability, 12)
    }
    expect(peakBytes() - before).toBeLessThan(150 * MEGABYTE)
  },
  MOST_MILLISECONDS,
)

it(
  '900 MB of noise is no model, and ends no child',
  async () => {
    const noise = Buffer.from('9f3a77c1f00d'.repeat(1000), 'hex')
    const model = await store(sparseFile(path.join(folder, 'noise.onnx'), noise, 900 * MEGABYTE, noise))
    expect(await admit(model)).toMatchObject({ admitted: false, code: 'MODEL_PARSE' })
    expect(await (await evaluator.request('/metrics')).text()).toMatch(/^evaluator_worker_exits_total 0$/m)
  },
  MOST_MILLISECONDS,
)
