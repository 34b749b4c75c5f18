import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRunHarness, type RunHarness } from '#tests/support/test-runs.ts'
import { listComparableVersions } from './list-comparable-versions.ts'

let bench: RunHarness
beforeAll(async () => {
  bench = await openRunHarness()
  await bench.makeDataset('held-out', 6)
})
afterAll(() => bench.close())

const list = () => listComparableVersions(bench, { dataset: 'held-out' })

test('names each version once, the newest first, by its latest succeeded run', async () => {
  expect(await list()).toEqual([])
  const lineage = { parent: null, trainingRun: null, snapshots: ['train'], codeVersion: null }
  const older = await bench.makeVersion({ lineage })
  await bench.work(await bench.startRun(older, 'held-out'))
  await bench.addImages('held-out', 6, 9)
  const newer = await bench.makeVersion()
  await bench.work(await bench.startRun(newer, 'held-out'))
  const again = await bench.startRun(older, 'held-out')
  await bench.work(again)
  const versions = await list()
  expect(versions.map(({ modelVersionId }) => modelVersionId)).toEqual([newer, older])
  expect(versions[1]).toMatchObject({ evaluationRunId: again, trainedOn: ['train'], accuracy: { n: 9 } })
  expect(versions[0]).toMatchObject({ trainedOn: [], archived: false, provider: 'cpu' })
})

test('says how long the network takes, by the predictions themselves', async () => {
  bench.evaluator.inferenceSeconds = 0.25
  await bench.work(await bench.startRun(await bench.makeVersion(), 'held-out'))
  const [slow, fast] = await list()
  expect(slow?.inferenceSeconds).toBe(0.25)
  expect(fast?.inferenceSeconds).toBeCloseTo(0.002, 6) // stored in 32 bits
})
