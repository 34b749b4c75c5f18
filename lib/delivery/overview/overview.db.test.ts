import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import type { Health } from '#lib/delivery/health/schema.ts'
import { getEvaluationMetrics } from '#lib/model/evaluation-result/get-metrics.ts'
import { openRunHarness, type RunHarness } from '#tests/support/test-runs.ts'
import { getOverview } from './get-overview.ts'

let harness: RunHarness
beforeAll(async () => {
  harness = await openRunHarness()
})
afterAll(() => harness.close())

const health = (evaluator: 'ok' | 'down') => async (): Promise<Health> => {
  const well = { status: 'ok' as const, detail: 'well' }
  const dependencies = { database: well, objectStore: well, evaluator: { status: evaluator, detail: 'gone' } }
  return { status: 'ok', dependencies }
}
const overview = (evaluator: 'ok' | 'down' = 'ok') => getOverview(harness, { checkHealth: health(evaluator) })

test('an empty service has nothing to show, and says what is away', async () => {
  expect(await overview()).toEqual({
    newestVersion: null,
    accuracyOverVersions: [],
    latestRuns: [],
    attention: [],
  })
  expect((await overview('down')).attention).toMatchObject([{ kind: 'dependency-away', severity: 'error' }])
})

test('shows the newest version, the trend on final_eval, and what failed or was left out', async () => {
  await harness.makeDataset('final_eval', 12)
  await harness.makeDataset('other', 6)
  await harness.datasets.write('other', { 'notes.txt': Buffer.from('x'), 'lung-covid/.x': Buffer.from('x') })
  const [first, second] = [await harness.makeVersion(), await harness.makeVersion()]
  const older = await harness.work(await harness.startRun(first, 'final_eval'))
  const newer = await harness.work(await harness.startRun(second, 'final_eval'))
  const failed = await harness.work(await harness.startRun(second, 'other'))
  const failure = { status: 'failed' as const, failureCode: 'X', failureDetail: 'It broke.' }
  await harness.db.update(evaluationRuns).set(failure).where(eq(evaluationRuns.id, failed.id))
  const { intervals } = await getEvaluationMetrics(harness, { id: newer.id })
  const shown = await overview()
  expect(shown.newestVersion).toMatchObject({
    ...{ id: second, label: 'test-model v2', dataset: 'final_eval', evaluationRunId: newer.id },
    accuracy: intervals.accuracy,
  })
  expect(
    shown.accuracyOverVersions.map(({ label, evaluationRunId, n }) => [label, evaluationRunId, n]),
  ).toEqual([
    ['test-model v1', older.id, 12],
    ['test-model v2', newer.id, 12],
  ])
  expect(shown.latestRuns.map(({ id }) => id)).toEqual([failed.id, newer.id, older.id])
  expect(shown.attention).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        kind: 'run-failed',
        detail: 'It broke.',
        href: `/evaluation-runs/${failed.id}`,
      }),
      expect.objectContaining({ kind: 'files-skipped', title: 'other: 1 file skipped' }),
    ]),
  )
})
