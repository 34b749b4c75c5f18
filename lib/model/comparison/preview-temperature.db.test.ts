import { afterAll, beforeAll, expect, test } from 'vitest'
import { listPredictions } from '#lib/model/evaluation-result/list-predictions.ts'
import { fitTemperature, scaleByTemperature } from '#lib/statistics/fit-temperature.ts'
import type { LabelledPredictions } from '#lib/statistics/labelled-predictions.ts'
import { reliabilityDiagram } from '#lib/statistics/reliability-diagram.ts'
import { openRunHarness, type RunHarness, TEST_CLASSES } from '#tests/support/test-runs.ts'
import { previewTemperature } from './preview-temperature.ts'

let harness: RunHarness
beforeAll(async () => {
  harness = await openRunHarness()
  await harness.makeDataset('judged', 24)
  await harness.makeDataset('fitting', 30)
  await harness.addImages('fitting', 100, 130)
})
afterAll(() => harness.close())

async function evaluate(version: string, dataset: string): Promise<string> {
  const run = await harness.startRun(version, dataset)
  await harness.work(run)
  return run
}

/** By another way than the one under test. */
async function predictionsOf(run: string): Promise<LabelledPredictions> {
  const rows = await listPredictions({ db: harness.db }, { id: run, after: null, take: 500 })
  const index = (name: string | null) => TEST_CLASSES.indexOf(name ?? '')
  return {
    classCount: TEST_CLASSES.length,
    referenceIndices: Int32Array.from(rows, ({ referenceClass }) => index(referenceClass)),
    predictedIndices: Int32Array.from(rows, ({ predictedClass }) => index(predictedClass)),
    probabilities: Float64Array.from(rows.flatMap(({ probabilities }) => probabilities ?? [])),
  }
}

test('shows what the temperature of another dataset would do', async () => {
  const version = await harness.makeVersion()
  const [judged, fitting] = [await evaluate(version, 'judged'), await evaluate(version, 'fitting')]
  const preview = await previewTemperature(harness.context(), { id: judged, fittedOn: fitting })
  const rest = () => Promise.resolve()
  const temperature = (await fitTemperature(await predictionsOf(fitting), rest)) as number
  expect(preview).toMatchObject({
    evaluationRunId: judged,
    n: 24,
    fittedOn: { evaluationRunId: fitting, n: 60 },
  })
  expect(preview.temperature).toBeCloseTo(temperature, 9)
  const before = await predictionsOf(judged)
  expect(preview.before.ece).toBeCloseTo(reliabilityDiagram(before).ece as number, 12)
  const after = reliabilityDiagram(scaleByTemperature(before, temperature))
  expect(preview.after.ece).toBeCloseTo(after.ece as number, 9)
})

test('refuses what would say nothing, or flatter', async () => {
  const [version, other] = [await harness.makeVersion(), await harness.makeVersion()]
  const judged = await evaluate(version, 'judged')
  const others = await evaluate(other, 'fitting')
  const code = (id: string, fittedOn: string) =>
    previewTemperature(harness.context(), { id, fittedOn }).catch(({ code }: { code: string }) => code)
  expect(await code(judged, judged)).toBe('SAME_DATASET')
  expect(await code(judged, others)).toBe('OTHER_VERSION')
  expect(await code(judged, '00000000-0000-4000-8000-000000000000')).toBe('NOT_FOUND')
  const waiting = await harness.startRun(version, 'fitting')
  expect(await code(judged, waiting)).toBe('RUN_NOT_SUCCEEDED')
  await harness.work(waiting)
})
