import { afterAll, beforeAll, expect, test } from 'vitest'
import { getEvaluationMetrics } from '#lib/model/evaluation-result/get-metrics.ts'
import { deleteEvaluationRun } from '#lib/model/evaluation-run/delete.ts'
import { openRunHarness, type RunHarness } from '#tests/support/test-runs.ts'
import { scrapeMetrics } from './scrape.ts'

let harness: RunHarness
beforeAll(async () => {
  harness = await openRunHarness()
})
afterAll(() => harness.close())

/** Series of a family: their labels as written, and the value. */
async function seriesOf(family: string): Promise<Map<string, number>> {
  const { text } = await scrapeMetrics(harness.db)
  const lines = text.split('\n').filter((line) => line.startsWith(`${family}{`))
  return new Map(
    lines.map((line) => [line.slice(family.length, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  )
}

test('accuracy has no series before a run has succeeded, and each status counts none', async () => {
  expect(await seriesOf('model_overall_accuracy')).toEqual(new Map())
  expect(await seriesOf('second_reader_evaluation_runs')).toEqual(
    new Map(
      ['queued', 'running', 'succeeded', 'failed', 'cancelled'].map((status) => [`{status="${status}"}`, 0]),
    ),
  )
})

test('accuracy is that of the latest succeeded run, overall, per class and per version', async () => {
  await harness.makeDataset('gauged', 2) // no image of the third class
  const [first, second] = [await harness.makeVersion(), await harness.makeVersion({ name: 'other "model"' })]
  const firstRun = await harness.work(await harness.startRun(first, 'gauged'))
  const secondRun = await harness.work(await harness.startRun(second, 'gauged'))
  const { overall, findingClasses } = await getEvaluationMetrics(harness, { id: secondRun.id })
  expect(await seriesOf('model_overall_accuracy')).toEqual(
    new Map([['{dataset="gauged"}', overall.accuracy]]),
  )
  expect(await seriesOf('model_accuracy_per_class')).toEqual(
    new Map(
      findingClasses
        .filter(({ accuracy }) => accuracy !== null)
        .map(({ findingClass, accuracy }) => [`{dataset="gauged",class_name="${findingClass}"}`, accuracy]),
    ),
  )
  expect((await seriesOf('model_accuracy_per_class')).size).toBe(2)
  const versions = await seriesOf('second_reader_evaluation_accuracy')
  expect([...versions.keys()].sort()).toEqual([
    '{dataset="gauged",model_version="other \\"model\\" v1"}',
    '{dataset="gauged",model_version="test-model v1"}',
  ])

  await deleteEvaluationRun(harness.context(), { id: secondRun.id })
  const { overall: before } = await getEvaluationMetrics(harness, { id: firstRun.id })
  expect(await seriesOf('model_overall_accuracy')).toEqual(new Map([['{dataset="gauged"}', before.accuracy]]))
  await deleteEvaluationRun(harness.context(), { id: firstRun.id })
  expect(await seriesOf('model_overall_accuracy')).toEqual(new Map())
  expect(await seriesOf('second_reader_evaluation_accuracy')).toEqual(new Map())
})
