import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRunHarness, type RunHarness } from '#tests/support/test-runs.ts'
import { listComparableVersions } from './list-comparable-versions.ts'

let harness: RunHarness
beforeAll(async () => {
  harness = await openRunHarness()
  await harness.makeDataset('held-out', 6)
})
afterAll(() => harness.close())

const list = () => listComparableVersions(harness, { dataset: 'held-out' })

test('names each version once, the newest first, by its latest succeeded run', async () => {
  expect(await list()).toEqual([])
  const lineage = { parent: null, trainingRun: null, snapshots: ['train'], codeVersion: null }
  const older = await harness.makeVersion({ lineage })
  await harness.work(await harness.startRun(older, 'held-out'))
  await harness.addImages('held-out', 6, 9)
  const newer = await harness.makeVersion()
  await harness.work(await harness.startRun(newer, 'held-out'))
  const again = await harness.startRun(older, 'held-out')
  await harness.work(again)
  const versions = await list()
  expect(versions.map(({ modelVersionId }) => modelVersionId)).toEqual([newer, older])
  expect(versions[1]).toMatchObject({ evaluationRunId: again, trainedOn: ['train'], accuracy: { n: 9 } })
  expect(versions[0]).toMatchObject({ trainedOn: [], archived: false, provider: 'cpu' })
})

test('says how long the network takes, by the predictions themselves', async () => {
  harness.evaluator.inferenceSeconds = 0.25
  await harness.work(await harness.startRun(await harness.makeVersion(), 'held-out'))
  const [slow, fast] = await list()
  expect(slow?.inferenceSeconds).toBe(0.25)
  expect(fast?.inferenceSeconds).toBeCloseTo(0.002, 6) // stored in 32 bits
})
