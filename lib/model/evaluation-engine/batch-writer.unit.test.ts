import { expect, onTestFinished, test, vi } from 'vitest'
import { BatchWriter } from './batch-writer.ts'
import type { Batch, PredictionRow } from './write-batch.ts'

const row = (number: number): PredictionRow => ({
  imageSha256: String(number),
  predictedIndex: 0,
  probabilities: [1, 0],
  decodeSeconds: 0,
  inferenceSeconds: 0,
})

function writer(store: (batch: Batch) => Promise<void>, signal = new AbortController().signal) {
  const failures: unknown[] = []
  const isPassing = (error: unknown) => error instanceof Error && error.message === 'passing'
  return {
    failures,
    writer: new BatchWriter({ store, isPassing, onFailure: (error) => failures.push(error), signal }),
  }
}

test('rows are stored in order, a hundred at a time, one batch after the other', async () => {
  const batches: number[][] = []
  let atOnce = 0
  const { writer: it } = writer(async (batch) => {
    atOnce += 1
    expect(atOnce).toBe(1)
    await new Promise((resolve) => setImmediate(resolve))
    batches.push(batch.predictions.map(({ imageSha256 }) => Number(imageSha256)))
    atOnce -= 1
  })
  for (let number = 0; number < 250; number++) await it.addPrediction(row(number))
  await it.flush()
  expect(batches.flat()).toEqual(Array.from({ length: 250 }, (_, number) => number))
  expect(Math.max(...batches.map((batch) => batch.length))).toBe(100)
})

test('few rows are stored within a second without a flush', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const stored: Batch[] = []
  const { writer: it } = writer(async (batch) => void stored.push(batch))
  await it.addPrediction(row(1))
  await it.addError({ imageId: 7, code: 'CORRUPT_IMAGE', message: '' })
  await vi.advanceTimersByTimeAsync(1000)
  expect(stored).toHaveLength(1)
  expect(stored[0]?.errors).toHaveLength(1)
})

test('a batch is stored again after a failure that passes', async () => {
  let attempts = 0
  const { writer: it, failures } = writer(async () => {
    attempts += 1
    if (attempts < 3) throw new Error('passing')
  })
  await it.addPrediction(row(1))
  await it.flush()
  expect([attempts, failures]).toEqual([3, []])
})

test('a failure that stays is told at once, and to every caller that adds or flushes', async () => {
  const { writer: it, failures } = writer(async () => {
    throw new Error('refused')
  })
  await it.addPrediction(row(1))
  await expect(it.flush()).rejects.toThrow('refused')
  expect(failures).toHaveLength(1)
  await expect(it.addPrediction(row(2))).rejects.toThrow('refused')
})

test('a slow database holds callers that add back', async () => {
  let release = () => {}
  const slow = new Promise<void>((resolve) => {
    release = resolve
  })
  const { writer: it } = writer(() => slow)
  let added = 0
  const adding = (async () => {
    for (; added < 2000; added++) await it.addPrediction(row(added))
  })()
  await new Promise((resolve) => setImmediate(resolve)) // all that can be added without the database is
  expect(added).toBeLessThan(600)
  release()
  await adding
  await it.flush()
})

test('after a stop it waits for no database, but stores what it holds where that works', async () => {
  const stop = new AbortController()
  stop.abort()
  const stored: Batch[] = []
  const { writer: working } = writer(async (batch) => void stored.push(batch), stop.signal)
  await working.addPrediction(row(1))
  await working.flush()
  expect(stored).toHaveLength(1)
  const { writer: failing } = writer(async () => {
    throw new Error('passing')
  }, stop.signal)
  await failing.addPrediction(row(1))
  await expect(failing.flush()).rejects.toThrow('passing')
})
