import { expect, it } from 'vitest'
import { openObjectStore } from '#lib/platform/object-store/open.ts'
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

/** The line of an image whose tasks end like this, one after the other. */
async function evaluateWith(...outcomes: TaskOutcome<WorkerReply>[]) {
  const url = 'file:/nowhere'
  const line = await evaluateImage(
    { id: 'one', source: { bytes: 'AAAA' } },
    {
      model: { sha256: 'ab'.repeat(32), file: '', card },
      stamp: { modelSha256: 'ab'.repeat(32), preprocessingSha256: 'cd'.repeat(32), provider: 'cpu' },
      locations: new ImageLocations(openObjectStore(url), url, []),
      limits: { imageLimitBytes: 100, readSeconds: 1, decodeSeconds: 1, inferenceSeconds: 1 },
      run: async () => outcomes.shift() ?? expect.unreachable('no task more is expected'),
      signal: new AbortController().signal,
      urgent: false,
    },
  )
  return { line, left: outcomes.length }
}

it.each([
  ['ran out of memory, which other models may have filled', memory],
  ['crashed', crash],
])('asks once more when the child %s', async (_what, outcome) => {
  expect((await evaluateWith(outcome, done)).line).toMatchObject({ status: 'ok', predictedIndex: 1 })
})

it('blames the image when the second child ends the same way', async () => {
  expect((await evaluateWith(memory, memory)).line).toMatchObject({ code: 'INFERENCE_FAILED' })
})

it('does not repeat what missed its deadline', async () => {
  const { line, left } = await evaluateWith(timeout, done)
  expect([line, left]).toMatchObject([{ code: 'INFERENCE_TIMEOUT' }, 1])
})
