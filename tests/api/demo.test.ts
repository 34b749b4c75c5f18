import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApiClient, dataOf } from '#lib/delivery/client/api-client.ts'
import { expectClose } from '#tests/support/expect-close.ts'
import { type Instance, startInstance } from '#tests/support/instance.ts'
import { present } from '#tests/support/present.ts'
import {
  compareByScikitLearn,
  expectMetricsOfScikitLearn,
  exportPredictions,
} from '#tests/support/scikit-learn.ts'
import { finishedRun, getMetrics, serviceApi } from '#tests/support/service-api.ts'
import { waitUntil } from '#tests/support/wait-until.ts'
import { countImages, planDatasets } from '../../demo/make-dataset.ts'

/** All images are drawn for real: half a minute on two idle cores. */
const COMPLETE_MS = 600_000
/** Of final_eval. */
const IMAGES = countImages(planDatasets(1).split.final_eval)

let dataDir: string
let instance: Instance
let api: ApiClient

async function start(): Promise<void> {
  instance = await startInstance({ dataDir, env: { DEMO: 'on' } })
  api = serviceApi(instance)
}

const listEvents = async (query: { action?: 'demo.complete'; actor?: string; limit?: number }) =>
  (await dataOf(api.GET('/api/audit-events', { params: { query } }))).items
const listDatasets = async () => (await dataOf(api.GET('/api/datasets'))).items
const listVersions = async () => (await dataOf(api.GET('/api/model-versions'))).items
const listRuns = async () => (await dataOf(api.GET('/api/evaluation-runs'))).items
const isComplete = async () => (await listEvents({ action: 'demo.complete' })).length > 0

/** Everything that the demo made, as the audit log has it, in the order in which it was made. */
async function deeds(): Promise<string[]> {
  const events = await listEvents({ actor: 'demo', limit: 100 })
  return events.map(({ action }) => action).toReversed()
}

/** What the Python trainer's own evaluation of a shipped version said. */
function recordedEvaluation(version: number) {
  const file = path.join('demo', 'models', `v${version}`, 'evaluation.json')
  return JSON.parse(readFileSync(file, 'utf8'))
}

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'sr-demo-'))
  await start()
})
afterAll(async () => {
  await instance?.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

describe('the demo of a fresh start', { timeout: COMPLETE_MS }, () => {
  it('goes on by itself after web was killed while it was being made', async () => {
    await waitUntil(
      'a model version is registered',
      async () => (await listVersions()).length > 0,
      COMPLETE_MS,
    )
    expect(await isComplete()).toBe(false)
    const before = instance.pid('web')
    instance.kill('web')
    await waitUntil('web is there again', async () => instance.pid('web') !== before && instance.isHealthy())
    await waitUntil('the demo is complete', isComplete, COMPLETE_MS)
  })

  it('has four datasets of drawn images with their patients', async () => {
    const { split } = planDatasets(1)
    await waitUntil('all datasets are scanned', async () =>
      (await listDatasets()).every(({ images }) => (images ?? 0) > 0),
    )
    const datasets = (await listDatasets()).map((dataset) => [
      dataset.name,
      dataset.images,
      dataset.patients,
      dataset.findingClasses.length,
    ])
    const expected = (['final_eval', 'test', 'train', 'val'] as const).map((name) => [
      name,
      countImages(split[name]),
      split[name].length,
      9,
    ])
    expect(datasets).toEqual(expected)
  })

  it('has evaluated both shipped versions on the same images, as exactly as the trainer did', async () => {
    const runs = await listRuns()
    expect(runs).toHaveLength(2)
    expect(new Set(runs.map(({ snapshotId }) => snapshotId)).size).toBe(1)
    const accuracy: number[] = []
    for (const { id, modelVersion } of runs) {
      expect((await finishedRun(api, id)).status).toBe('succeeded')
      const { overall, intervals } = await getMetrics(api, id)
      const shown = present(overall.accuracy)
      const recorded = recordedEvaluation(modelVersion.number).accuracy
      expect(Math.abs(shown - recorded.value)).toBeLessThan(1e-9)
      expect(intervals.accuracy.n).toBe(recorded.n)
      accuracy[modelVersion.number] = shown
    }
    expect(accuracy[2]).toBeGreaterThan(accuracy[1] ?? Number.NaN)
  })

  it('gives the numbers of scikit-learn, statsmodels and SciPy, for each version and for the comparison', async () => {
    const runs = (await listRuns()).toSorted((a, b) => a.modelVersion.number - b.modelVersion.number)
    const [baseline = '', candidate = ''] = runs.map(({ modelVersionId }) => modelVersionId)
    const byId = { params: { path: { id: candidate } } }
    const { findingClasses } = await dataOf(api.GET('/api/model-versions/{id}', byId))
    for (const { id } of runs)
      expect((await expectMetricsOfScikitLearn(instance, id, findingClasses)).n).toBe(IMAGES)
    const query = { baseline, candidate, dataset: 'final_eval' }
    const compared = await dataOf(api.GET('/api/model-comparisons', { params: { query } }))
    const [before = '', after = ''] = await Promise.all(runs.map(({ id }) => exportPredictions(instance, id)))
    const reference = compareByScikitLearn(findingClasses, before, after)
    expect(reference.n).toBe(IMAGES)
    expectClose(compared, reference)
  })

  it('has made everything once, also where it was killed, and nothing more at the next start', async () => {
    const made = await deeds()
    const counts = Object.fromEntries(Map.groupBy(made, (action) => action).entries())
    expect(
      Object.entries(counts)
        .map(([action, each]) => [action, each?.length])
        .sort(),
    ).toEqual([
      ['dataset-snapshot.request', 4],
      ['dataset.register', 4],
      ['demo.begin', 1],
      ['demo.complete', 1],
      ['evaluation-run.create', 2],
      ['model-version.register', 2],
    ])
    const [version] = await listVersions()
    await api.DELETE('/api/model-versions/{id}', { params: { path: { id: present(version).id } } })
    await api.DELETE('/api/datasets/{name}', { params: { path: { name: 'val' } } })
    await instance.stop()
    await start()
    await waitUntil('the evaluator is there', async () => instance.isHealthy())
    expect(await deeds()).toEqual(made)
    expect(await listVersions()).toHaveLength(1)
    expect(await listDatasets()).toHaveLength(3)
  })
})
