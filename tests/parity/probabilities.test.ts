import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { modelCardSchema } from '#lib/vocabulary/model-card.ts'
import { EvaluatorProcess } from '#tests/support/evaluator-process.ts'
import { PYTHON, readTestModel, testModelCard } from '#tests/support/test-models.ts'

const run = promisify(execFile)
/** Two builds of the runtime may add float32 products in another order: some units in the last place of a logit. */
const TOLERANCE = 1e-6

let folder: string
let evaluator: EvaluatorProcess

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'parity-probabilities-'))
  await run(PYTHON, ['tests/parity/make_images.py', folder])
  evaluator = await EvaluatorProcess.start()
})
afterAll(async () => {
  await evaluator.stop()
  await rm(folder, { recursive: true, force: true })
})

it.each([
  ['of logits', async () => ({ onnx: (await readTestModel('valid')).bytes, card: testModelCard() })],
  ['of probabilities of 8 bits, whose sums are not 1', readEightBits],
])(
  'probabilities over HTTP are those of Python’s runtime behind the trainer’s preprocessing: %s',
  async (_kind, read) => {
    const { onnx, card } = await read()
    await writeFile(path.join(folder, 'model.onnx'), onnx)
    await writeFile(path.join(folder, 'model.json'), JSON.stringify(card))
    const names = (await readdir(folder))
      .filter((name) => /^(63x65|256x186|640x480)-.*\.(jpg|png)$/.test(name))
      .sort()
    const files = names.map((name) => path.join(folder, name))
    const { stdout } = await run(PYTHON, ['tests/parity/reference_probabilities.py', folder, ...files], {
      maxBuffer: 2 ** 26,
    })
    const expected: number[][] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const sha256 = createHash('sha256').update(onnx).digest('hex')
    await evaluator.storeObject(`models/${sha256}.onnx`, onnx)
    const items = await Promise.all(
      files.map(async (file, i) => ({
        id: `${i}`,
        source: { bytes: (await readFile(file)).toString('base64') },
      })),
    )
    const { lines, done } = await evaluator.evaluate({ model: { sha256, card }, items })
    expect(done).toBe(true)
    expect(lines.length).toBeGreaterThan(100)
    const distances = lines.map((line) =>
      line.status === 'ok' ? distance(line.probabilities, expected[Number(line.id)] ?? []) : line.code,
    )
    expect(distances.filter((each) => typeof each === 'string' || each > TOLERANCE)).toEqual([])
  },
)

async function readEightBits() {
  const card = modelCardSchema.parse(
    JSON.parse(await readFile('tests/cases/card-nine-probabilities.json', 'utf8')),
  )
  return { onnx: await readFile('tests/cases/int8-softmax.onnx'), card }
}

function distance(ours: number[], theirs: number[]): number {
  return Math.max(...ours.map((probability, k) => Math.abs(probability - (theirs[k] ?? Number.NaN))))
}
