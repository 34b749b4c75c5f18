import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApiClient, apiClient } from '#tests/support/api-client.ts'
import { expectClose } from '#tests/support/expect-close.ts'
import { type Instance, startInstance } from '#tests/support/instance.ts'
import {
  compareByScikitLearn,
  expectMetricsOfScikitLearn,
  exportPredictions,
} from '#tests/support/scikit-learn.ts'
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
  api = apiClient(instance.url, instance.apiKey)
}

const list = async (address: string) => (await api.get(address)).body.items
const isComplete = async () => (await list('/api/audit-events?action=demo.complete')).length > 0

/** Everything that the demo made, as the audit log has it, in the order in which it was made. */
async function deeds(): Promise<string[]> {
  const events = await list('/api/audit-events?actor=demo&limit=100')
  return events.map((event: { action: string }) => event.action).toReversed()
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
      async () => (await list('/api/model-versions')).length > 0,
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
      (await list('/api/datasets')).every((dataset: { images: number }) => dataset.images > 0),
    )
    const datasets = (await list('/api/datasets')).map(
      (dataset: { name: string; images: number; patients: number; findingClasses: unknown[] }) => [
        dataset.name,
        dataset.images,
        dataset.patients,
        dataset.findingClasses.length,
      ],
    )
    const expected = (['final_eval', 'test', 'train', 'val'] as const).map((name) => [
      name,
      countImages(split[name]),
      split[name].length,
      9,
    ])
    expect(datasets).toEqual(expected)
  })

  it('has evaluated both shipped versions on the same images, as exactly as the trainer did', async () => {
    const runs = await list('/api/evaluation-runs')
    expect(runs).toHaveLength(2)
    expect(new Set(runs.map((run: { snapshotId: string }) => run.snapshotId)).size).toBe(1)
    const accuracy: number[] = []
    for (const { id, modelVersion } of runs) {
      expect((await api.finishedRun(id)).status).toBe('succeeded')
      const { overall, intervals } = (await api.get(`/api/evaluation-runs/${id}/metrics`)).body
      const recorded = recordedEvaluation(modelVersion.number).accuracy
      expect(Math.abs(overall.accuracy - recorded.value)).toBeLessThan(1e-9)
      expect(intervals.accuracy.n).toBe(recorded.n)
      accuracy[modelVersion.number] = overall.accuracy
    }
    expect(accuracy[2]).toBeGreaterThan(accuracy[1] ?? Number.NaN)
  })

  it('gives the numbers of scikit-learn, statsmodels and SciPy, for each version and for the comparison', async () => {
    const runs = await list('/api/evaluation-runs')
    const ofVersion = (number: number) =>
      runs.find((run: { modelVersion: { number: number } }) => run.modelVersion.number === number)
    const [baseline, candidate] = [ofVersion(1), ofVersion(2)]
    const version = (await api.get(`/api/model-versions/${candidate.modelVersionId}`)).body
    for (const { id } of [baseline, candidate])
      expect((await expectMetricsOfScikitLearn(instance, id, version.findingClasses)).n).toBe(IMAGES)
    const query = `baseline=${baseline.modelVersionId}&candidate=${candidate.modelVersionId}&dataset=final_eval`
    const compared = await api.get(`/api/model-comparisons?${query}`)
    const reference = compareByScikitLearn(
      version.findingClasses,
      await exportPredictions(instance, baseline.id),
      await exportPredictions(instance, candidate.id),
    )
    expect(reference.n).toBe(IMAGES)
    expectClose(compared.body, reference)
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
    const [version] = await list('/api/model-versions')
    expect((await api.call('DELETE', `/api/model-versions/${version.id}`)).status).toBe(204)
    expect((await api.call('DELETE', '/api/datasets/val')).status).toBe(204)
    await instance.stop()
    await start()
    await waitUntil('the evaluator is there', async () => instance.isHealthy())
    expect(await deeds()).toEqual(made)
    expect(await list('/api/model-versions')).toHaveLength(1)
    expect(await list('/api/datasets')).toHaveLength(3)
  })
})
