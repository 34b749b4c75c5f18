import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AdmissionReply,
  admissionReplySchema,
  type ModelReference,
} from '#lib/model/evaluator/evaluator-contract.ts'
import { modelCardSchema } from '#lib/vocabulary/model-card.ts'
import { EvaluatorProcess } from '#tests/support/evaluator-process.ts'
import { fileReader, hidden } from '#tests/support/onnx-bytes.ts'
import { testModelCard } from '#tests/support/test-models.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

let evaluator: EvaluatorProcess

beforeAll(async () => {
  evaluator = await EvaluatorProcess.start({
    EVALUATOR_ADMISSION_SECONDS: '3',
    EVALUATOR_CONTROL_FLOW: 'on',
  })
})
afterAll(() => evaluator.stop())

async function admit(model: ModelReference): Promise<AdmissionReply> {
  const response = await evaluator.post('/admissions', { model })
  expect(response.status).toBe(200)
  return admissionReplySchema.parse(await response.json())
}
const admitNamed = async (name: string, card = testModelCard()) =>
  admit(await evaluator.storeModel(name, card))
const admitBytes = async (bytesOfModel: Buffer, card = testModelCard()) => {
  const sha256 = createHash('sha256').update(bytesOfModel).digest('hex')
  await evaluator.storeObject(`models/${sha256}.onnx`, bytesOfModel)
  return admit({ sha256, card })
}
const classes = (...findingClasses: string[]) => testModelCard({ findingClasses })

describe('a model is admitted', () => {
  it.each([
    ['with a dynamic batch', 'valid', testModelCard()],
    ['with a batch of one', 'fixed-batch-1', testModelCard()],
    ['with three channels', 'valid-rgb', testModelCard({ input: { channels: 3 } })],
    [
      'that gives probabilities',
      'probabilities',
      testModelCard({ output: { probabilities: 'probabilities' } }),
    ],
    ['that always says the same', 'constant-output', testModelCard()],
    ['with another output beside the one that the card names', 'two-outputs', testModelCard()],
  ])('%s', async (_name, model, card) => {
    expect(await admitNamed(model, card)).toMatchObject({ admitted: true, provider: 'cpu', warnings: [] })
  })

  it('with a branch, also where loops are not allowed', async () => {
    const strict = await EvaluatorProcess.start()
    const model = await strict.storeModel('branch')
    const reply = await (await strict.post('/admissions', { model })).json()
    await strict.stop()
    expect(reply).toMatchObject({ admitted: true, warnings: [] })
  })

  it('with a warning where it has no answer for a plain black image', async () => {
    const reply = await admitNamed('not-finite-for-black')
    expect(reply.admitted && reply.warnings.join()).toContain('black')
  })

  it('with a warning where its logits look like probabilities', async () => {
    const reply = await admitNamed('softmaxed-logits')
    expect(reply.admitted && reply.warnings).toHaveLength(1)
  })
})

/** A model of tests/cases under its card there. */
async function admitCase(name: string, card: string) {
  const [onnx, text] = await Promise.all([
    readFile(`tests/cases/${name}.onnx`),
    readFile(`tests/cases/${card}.json`, 'utf8'),
  ])
  return admitBytes(onnx, modelCardSchema.parse(JSON.parse(text)))
}
const warningsOf = (reply: AdmissionReply) => (reply.admitted ? reply.warnings : [reply.code])
const probabilities = testModelCard({ output: { probabilities: 'logits' } })

describe('a model is admitted with a warning', () => {
  it.each([
    ['a case from the field', () => admitCase('sigmoid-outputs', 'card-logits')],
    ['a sigmoid', () => admitNamed('sigmoid-per-class')],
    ['a sigmoid made of straight lines', () => admitNamed('hard-sigmoid-per-class')],
  ])('where its logits look like a probability for each class: %s', async (_name, admitted) => {
    expect(warningsOf(await admitted())).toEqual([
      expect.stringMatching(/between 0 and 1.*per class.*not like logits/),
    ])
  })

  it('where its probabilities are rounded to 8 bits', async () => {
    expect(warningsOf(await admitCase('int8-softmax', 'card-nine-probabilities'))).toEqual([
      expect.stringMatching(/add up to between .* divided by their sum/),
    ])
  })

  it.each(['softmax-of-255-steps', 'softmax-of-8-bits', 'float16-softmax'])(
    'or without, where they still add up: %s',
    async (name) => {
      const reply = await admitNamed(name, probabilities)
      expect(reply.admitted).toBe(true)
    },
  )
})

describe('a refusal speaks about the output where that is at fault', () => {
  it.each([
    ['of one value for two classes', 'one-column', 'CLASS_COUNT_MISMATCH', /of two classes 1 − p and p/],
    ['of float16', 'float16-output', 'MODEL_OUTPUT_TYPE', /output "logits" is float16.*Cast to float32/],
    ['of float64', 'double-output', 'MODEL_OUTPUT_TYPE', /output "logits" is float64.*Cast to float32/],
    ['of four dimensions', 'rank-four-output', 'MODEL_OUTPUT_SHAPE', /output "logits".*flatten it/],
    [
      'of four dimensions that the file does not state',
      'rank-four-output-unstated',
      'MODEL_OUTPUT_SHAPE',
      /output "logits".*flatten it/,
    ],
    ['of one dimension', 'rank-one-output', 'MODEL_OUTPUT_SHAPE', /output "logits".*flatten it/],
  ])('%s', async (_name, model, code, message) => {
    const card = model === 'one-column' ? classes('lung-normal', 'lung-covid') : testModelCard()
    expect(await admitNamed(model, card)).toMatchObject({ code, message: expect.stringMatching(message) })
  })

  it.each(['sigmoid-per-class', 'valid', 'softmax-of-7-bits'])(
    'and names no other meaning for it: %s as probabilities',
    async (model) => {
      const reply = await admitNamed(model, probabilities)
      expect(reply).toMatchObject({
        code: 'MODEL_OUTPUT_KIND',
        message: expect.stringMatching(/softmax over the classes/),
      })
      expect(JSON.stringify(reply)).not.toMatch(/name.*logits/i)
    },
  )
})

describe('a model is refused', () => {
  it.each([
    ['whose operator set is unknown', 'opset-99', 'MODEL_OPSET'],
    ['whose format is too new', 'ir-version-99', 'MODEL_OPSET'],
    ['with an operator that the runtime lacks', 'custom-operator', 'MODEL_UNSUPPORTED_OP'],
    ['with an input of two dimensions', 'rank-two', 'MODEL_SIGNATURE'],
    ['with channels last', 'channels-last', 'MODEL_SIGNATURE'],
    ['with a batch of eight', 'fixed-batch-8', 'MODEL_SIGNATURE'],
    ['of float16', 'float16-input', 'MODEL_INPUT_TYPE'],
    ['of uint8', 'uint8-input', 'MODEL_INPUT_TYPE'],
    ['with two inputs', 'two-inputs', 'MODEL_SIGNATURE'],
    ['without an input', 'no-input', 'MODEL_SIGNATURE'],
    ['without the output that the card names', 'renamed-output', 'MODEL_SIGNATURE'],
    ['with a class too many', 'wrong-class-count', 'CLASS_COUNT_MISMATCH'],
    ['with a single logit', 'one-logit', 'CLASS_COUNT_MISMATCH'],
    ['that gives NaN', 'not-finite', 'MODEL_NOT_FINITE'],
    ['that gives infinity', 'infinite', 'MODEL_NOT_FINITE'],
    ['that gives other outputs each time', 'random-output', 'MODEL_NOT_DETERMINISTIC'],
    ['that was exported in training', 'dropout-in-training', 'MODEL_NOT_DETERMINISTIC'],
    ['with weights in a folder above', 'external-parent', 'MODEL_EXTERNAL_DATA'],
    ['with weights in a folder above, by a detour', 'external-detour', 'MODEL_EXTERNAL_DATA'],
    ['with weights in /etc', 'external-etc', 'MODEL_EXTERNAL_DATA'],
    ['with weights in /proc', 'external-absolute', 'MODEL_EXTERNAL_DATA'],
    ['with weights in a file beside it', 'external-missing', 'MODEL_EXTERNAL_DATA'],
    ['that loops for ever', 'endless-loop', 'MODEL_TIMEOUT'],
    ['that multiplies for hours', 'slow', 'MODEL_TIMEOUT'],
  ])('%s', async (_name, model, code) => {
    expect(await admitNamed(model)).toMatchObject({ admitted: false, code })
  })

  it('with an operator that the runtime lacks, by its name', async () => {
    const reply = await admitNamed('custom-operator')
    expect(!reply.admitted && reply.message).toContain('acme:Diagnose')
  })

  it.each([
    ['is stated by the model', 'valid'],
    ['shows only when it runs', 'dynamic-sides'],
  ])('whose card has another image size, where the size %s', async (_what, model) => {
    expect(await admitNamed(model, testModelCard({ input: { width: 224, height: 224 } }))).toMatchObject({
      admitted: false,
      code: 'MODEL_SIGNATURE',
    })
  })

  it('of another class count than its card, by name of the fault', async () => {
    expect(await admitNamed('valid', classes('a', 'b'))).toMatchObject({ code: 'CLASS_COUNT_MISMATCH' })
  })

  it('whose card names probabilities that are none', async () => {
    const card = testModelCard({ output: { probabilities: 'logits' } })
    expect(await admitNamed('valid', card)).toMatchObject({ code: 'MODEL_OUTPUT_KIND' })
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['noise', Buffer.from('9f3a77c1f00d'.repeat(50), 'hex')],
    ['a web page', Buffer.from('<!doctype html><title>404</title>')],
    ['a pickle', Buffer.from('800495100000000000000071', 'hex')],
    ['a zip, as PyTorch saves', Buffer.from('PK\x03\x04\x14\x00', 'latin1')],
    ['an HDF5 file, as Keras saves', Buffer.from('\x89HDF\r\n\x1a\n\x00\x00\x00\x00\x00\x08\x08', 'latin1')],
  ])('that is %s under the name of a model', async (_name, file) => {
    expect(await admitBytes(file)).toMatchObject({ admitted: false, code: 'MODEL_PARSE' })
  })

  it('that reads a file of the service where only the runtime sees it', async () => {
    // The runtime looks for it in the folder in which it stands.
    const file = { location: 'package.json', length: 100 }
    const letters = Array.from({ length: 101 }, (_, i) => `byte-${i}`)
    expect(await admitBytes(fileReader(file, hidden), classes(...letters))).toMatchObject({
      admitted: false,
      code: 'MODEL_PARSE',
    })
  })

  it('with a loop, before it runs, unless the service allows loops', async () => {
    const strict = await EvaluatorProcess.start()
    const model = await strict.storeModel('endless-loop')
    const reply = await (await strict.post('/admissions', { model })).json()
    await strict.stop()
    expect(reply).toMatchObject({ admitted: false, code: 'MODEL_UNSUPPORTED_OP' })
    expect(reply.message).toContain('Loop')
  })
})

describe('a model is refused for its memory', () => {
  let small: EvaluatorProcess
  beforeAll(async () => {
    // Models of 64 MB need processes of 2 GB, which a busy machine takes seconds to fill.
    small = await EvaluatorProcess.start({
      EVALUATOR_MODEL_LIMIT_MB: '64',
      EVALUATOR_ADMISSION_SECONDS: '100',
    })
  })
  afterAll(() => small.stop())

  it.each([
    ['that needs 2 GB at once', 'memory-bomb-2gb'],
    ['that needs 4 GB at once', 'memory-bomb'],
    ['that needs 4 TB at once', 'memory-bomb-4tb'],
    ['that fills memory piece by piece', 'memory-creep'],
  ])('%s', async (_name, name) => {
    const model = await small.storeModel(name)
    const reply = admissionReplySchema.parse(await (await small.post('/admissions', { model })).json())
    expect(reply).toMatchObject({ admitted: false, code: 'MODEL_OOM' })
  })
})

it('a model that is not in the store is an error', async () => {
  const response = await evaluator.post('/admissions', {
    model: { sha256: 'a'.repeat(64), card: testModelCard() },
  })
  expect(response.status).toBe(404)
  expect((await response.json()).error.code).toBe('MODEL_NOT_FOUND')
})

it('other bytes under the name of a model are an error', async () => {
  const { sha256 } = await evaluator.storeModel('valid')
  const card = testModelCard()
  await evaluator.storeObject(`models/${'b'.repeat(64)}.onnx`, Buffer.from(sha256))
  const response = await evaluator.post('/admissions', { model: { sha256: 'b'.repeat(64), card } })
  expect(response.status).toBe(422)
  expect((await response.json()).error.code).toBe('HASH_MISMATCH')
})

it('health is answered at once while a model loops for ever', async () => {
  const model = await evaluator.storeModel('endless-loop')
  const examined = evaluator.post('/admissions', { model })
  let slowest = 0
  let over = false
  examined.finally(() => {
    over = true
  })
  await waitUntil(
    'the model is given up',
    async () => {
      const started = performance.now()
      expect((await evaluator.request('/health')).status).toBe(200)
      slowest = Math.max(slowest, performance.now() - started)
      return over
    },
    100_000,
  )
  expect(slowest).toBeLessThan(2_000) // some milliseconds on an idle machine
})
