import { expect, it } from 'vitest'
import { openObjectStore } from '#lib/platform/object-store/open.ts'
import type { RunOptions } from '#lib/platform/process-pool/process-pool.ts'
import type { TaskOutcome } from '#lib/platform/process-pool/task-outcome.ts'
import { modelCardSchema } from '#lib/vocabulary/model-card.ts'
import { evaluateImage } from './evaluate-image.ts'
import { ImageLocations } from './image-locations.ts'
import type { ImageResult, WorkerReply } from './worker-tasks.ts'

const card = modelCardSchema.parse({ name: 'm', findingClasses: ['a', 'b'] })
const prediction: ImageResult = {
  status: 'ok',
  probabilities: [0.25, 0.75],
  predictedIndex: 1,
  width: 1,
  height: 1,
  decodeSeconds: 0,
  inferenceSeconds: 0,
}
const done: TaskOutcome<WorkerReply> = { kind: 'done', value: { type: 'evaluate', result: prediction } }
const memory: TaskOutcome<WorkerReply> = { kind: 'memory', stage: 'load-model' }
const crash: TaskOutcome<WorkerReply> = { kind: 'crash', stage: 'inference', detail: 'signal SIGSEGV' }
const timeout: TaskOutcome<WorkerReply> = { kind: 'timeout', stage: 'inference' }
const tooLate: TaskOutcome<WorkerReply> = { kind: 'timeout', stage: 'decode' }
const tooLarge: TaskOutcome<WorkerReply> = { kind: 'memory', stage: 'decode' }

/** The line of an image whose tasks end like this, one after the other. */
async function evaluateWith(...outcomes: TaskOutcome<WorkerReply>[]) {
  const url = 'file:/nowhere'
  const asked: RunOptions[] = []
  const line = await evaluateImage(
    { id: 'one', source: { bytes: 'AAAA' } },
    {
      model: { sha256: 'ab'.repeat(32), file: '', card },
      stamp: { modelSha256: 'ab'.repeat(32), preprocessingSha256: 'cd'.repeat(32), provider: 'cpu' },
      locations: new ImageLocations(openObjectStore(url), url, []),
      limits: { imageLimitBytes: 100, readSeconds: 1, decodeSeconds: 1, inferenceSeconds: 1 },
      run: async (_task, options) => {
        asked.push(options)
        return outcomes.shift() ?? expect.unreachable('no task more is expected')
      },
      signal: new AbortController().signal,
      urgent: false,
    },
  )
  return { line, left: outcomes.length, inFreshChild: asked.map((options) => options.inFreshChild === true) }
}

it.each([
  ['ran out of memory, which other models may have filled', memory],
  ['crashed', crash],
  ['was late with decoding, as on a machine that stood still', tooLate],
])('asks a fresh child when the child %s', async (_what, outcome) => {
  const { line, inFreshChild } = await evaluateWith(outcome, done)
  expect(line).toMatchObject({ status: 'ok', predictedIndex: 1 })
  expect(inFreshChild).toEqual([false, true])
})

it.each([
  [memory, 'INFERENCE_FAILED'],
  [crash, 'INFERENCE_FAILED'],
  [tooLate, 'DECODE_TIMEOUT'],
  [tooLarge, 'DECODE_OOM'],
] as const)(
  'names what happened when the second child ends the same way: %o as %s',
  async (outcome, code) => {
    expect((await evaluateWith(outcome, outcome)).line).toMatchObject({ code })
  },
)

it('does not repeat what missed its deadline', async () => {
  const { line, left } = await evaluateWith(timeout, done)
  expect([line, left]).toMatchObject([{ code: 'INFERENCE_TIMEOUT' }, 1])
})
