import { symlink } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getSnapshot } from '#lib/data/snapshot/snapshot-queries.ts'
import { metricsTable } from '#lib/delivery/cli/metrics-table.ts'
import { getModelComparison } from '#lib/model/comparison/get-comparison.ts'
import { DEFAULT_GATE_RULES } from '#lib/model/comparison/promotion-gate.ts'
import { getEvaluationMetrics } from '#lib/model/evaluation-result/get-metrics.ts'
import { numberedImage, openRunHarness, type RunHarness } from '#tests/support/test-runs.ts'
import { listEvaluationRuns } from './queries.ts'

const GATE = { rules: DEFAULT_GATE_RULES, seed: 1, resamples: 1000 }

let harness: RunHarness
beforeAll(async () => {
  harness = await openRunHarness()
})
afterAll(async () => {
  await harness.close()
})

const evaluate = async (dataset: string, version?: string) =>
  await harness.work(await harness.startRun(version ?? (await harness.makeVersion()), dataset))

test('a run, its table and the gate say which files of the dataset were left out', async () => {
  const nested = Array.from(
    { length: 8 },
    (_, n) => [`lung-covid/patient/${n}.png`, numberedImage(n)] as const,
  )
  await harness.datasets.register('nested', {
    ...Object.fromEntries(nested),
    'lung-covid/solo.png': numberedImage(8),
  })
  const [baseline, candidate] = [await harness.makeVersion(), await harness.makeVersion()]
  const run = await evaluate('nested', candidate)
  expect(run).toMatchObject({
    status: 'succeeded',
    progress: { total: 1 },
    leftOut: [{ code: 'NESTED', count: 8 }],
  })
  expect((await listEvaluationRuns(harness, { after: null, take: 1 }))[0]?.leftOut).toEqual(run.leftOut)

  const says = '8 files of the dataset were left out: 8 deeper than <finding class>/<file>.'
  expect(metricsTable(run, await getEvaluationMetrics(harness, { id: run.id }))).toContain(says)
  await evaluate('nested', baseline)
  const comparison = await getModelComparison(harness.context(), GATE, {
    baseline,
    candidate,
    dataset: 'nested',
  })
  expect(comparison.gate.notes).toEqual([says])
  expect(comparison.reasons).toContain(says)
})

test('a run says nothing of files whose absence changes no number, and names links, one or many', async () => {
  await harness.datasets.register('linked', {
    'lung-covid/a.png': numberedImage(20),
    'lung-covid/copy.png': numberedImage(20),
    'lung-covid/.DS_Store': Buffer.from('x'),
    'beside.png': numberedImage(21),
  })
  await symlink('a.png', `${harness.datasets.folder}/linked/lung-covid/link.png`)
  const run = await evaluate('linked')
  expect(run.leftOut).toEqual([
    { code: 'LINK', count: 1 },
    { code: 'NO_FINDING_CLASS', count: 1 },
  ])
  await harness.makeDataset('whole', 3)
  expect((await evaluate('whole')).leftOut).toEqual([])
})

test('a scan whose pattern matches no name, or few, ends with a warning', async () => {
  const files = (names: string[]) =>
    Object.fromEntries(names.map((name, n) => [`lung-covid/${name}`, numberedImage(40 + n)]))
  const scan = async (name: string, names: string[]) => {
    await harness.datasets.register(name, files(names), { patientPattern: '^p(\\d+)_' })
    const { id } = await harness.datasets.scan(name)
    return await getSnapshot(harness.context(), { dataset: name, id })
  }
  expect(await scan('none', ['q1_1.png', 'q2_1.png'])).toMatchObject({
    status: 'ready',
    warnings: [{ code: 'NO_PATIENTS', message: expect.stringContaining('0 patients') }],
  })
  expect(await scan('few', ['p1_1.png', 'q2_1.png', 'q3_1.png'])).toMatchObject({
    warnings: [{ code: 'FEW_PATIENTS' }],
  })
  expect(await scan('most', ['p1_1.png', 'p2_1.png', 'q3_1.png'])).toMatchObject({ warnings: [] })
})
