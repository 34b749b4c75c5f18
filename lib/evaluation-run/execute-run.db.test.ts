import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { fakeProbabilities } from '#tests/support/fake-evaluator.ts'
import { getEvaluationMetrics } from './get-metrics.ts'
import { listPredictions } from './list-predictions.ts'
import { numberedImage, openRunBench, type RunBench, sha256Of, TEST_CLASSES } from './test-runs.ts'

let bench: RunBench
beforeAll(async () => {
  bench = await openRunBench()
})
afterAll(async () => {
  await bench.close()
})
beforeEach(() => bench.evaluator.forget())

describe('a run', () => {
  test('asks for every image once and stores what it got to the last bit', async () => {
    await bench.makeDataset('plain', 60)
    const run = await bench.work(await bench.startRun(await bench.makeVersion(), 'plain'))
    expect(run).toMatchObject({
      status: 'succeeded',
      progress: { done: 60, errors: 0, total: 60 },
      reused: 0,
      excluded: 0,
      provider: 'cpu',
      reason: null,
    })
    expect(new Set(bench.evaluator.askedImages).size).toBe(60)
    expect(bench.evaluator.askedImages).toHaveLength(60)
    const rows = await listPredictions(bench, { id: run.id, afterImageId: 0, take: 100 })
    expect(rows.map(({ imageKey }) => imageKey).sort()).toEqual(
      Array.from({ length: 60 }, (_, n) => `${TEST_CLASSES[n % 3]}/${String(n).padStart(6, '0')}.png`).sort(),
    )
    for (const row of rows) {
      const number = Number(/(\d+)\.png/.exec(row.imageKey)?.[1])
      expect(row.probabilities).toEqual(fakeProbabilities(sha256Of(numberedImage(number)), 3))
    }
    const metrics = await getEvaluationMetrics(bench, { id: run.id })
    expect(metrics).toMatchObject({ n: 60, errors: 0, excluded: 0, classesPresent: 3 })
  })
})
