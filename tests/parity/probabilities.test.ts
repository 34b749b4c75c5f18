import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { EvaluatorProcess } from '#tests/support/evaluator-process.ts'
import { PYTHON, readTestModel, testModelCard } from '#tests/support/test-models.ts'

const run = promisify(execFile)
/** Two builds of the runtime may add float32 products in another order: some units in the last place of a logit. */
const TOLERANCE = 1e-6

let folder: string
let evaluator: EvaluatorProcess

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'parity-probabilities-'))
  await writeFile(path.join(folder, 'model.onnx'), (await readTestModel('valid')).bytes)
  await writeFile(path.join(folder, 'model.json'), JSON.stringify(testModelCard()))
  await run(PYTHON, ['tests/parity/make_images.py', folder])
  evaluator = await EvaluatorProcess.start()
})
afterAll(async () => {
  await evaluator.stop()
  await rm(folder, { recursive: true, force: true })
})

it('probabilities over HTTP are those of Python’s runtime behind the trainer’s preprocessing', async () => {
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
  const model = await evaluator.storeModel('valid')
  const items = await Promise.all(
    files.map(async (file, i) => ({
      id: `${i}`,
      source: { bytes: (await readFile(file)).toString('base64') },
    })),
  )
  const { lines, done } = await evaluator.evaluate({ model, items })
  expect(done).toBe(true)
  expect(lines.length).toBeGreaterThan(100)
  const distances = lines.map((line) =>
    line.status === 'ok' ? distance(line.probabilities, expected[Number(line.id)] ?? []) : line.code,
  )
  expect(distances.filter((each) => typeof each === 'string' || each > TOLERANCE)).toEqual([])
})

function distance(ours: number[], theirs: number[]): number {
  return Math.max(...ours.map((probability, k) => Math.abs(probability - (theirs[k] ?? Number.NaN))))
}
