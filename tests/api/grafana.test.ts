import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApiClient } from '#lib/delivery/client/api-client.ts'
import { type Instance, startInstance } from '#tests/support/instance.ts'
import { startRun, writeImages } from '#tests/support/instance-runs.ts'
import { present } from '#tests/support/present.ts'
import { type Prometheus, type PrometheusSample, startPrometheus } from '#tests/support/prometheus.ts'
import { finishedRun, getMetrics, registerFolder, serviceApi } from '#tests/support/service-api.ts'
import { waitUntil } from '#tests/support/wait-until.ts'
import { ERROR_SHARE, latency, modelQualityDashboard } from '../../grafana/model-quality.ts'

type Target = { expr: string; instant?: boolean; range?: boolean; datasource: { uid: string } }
type Panel = { id: number; type: string; title: string; datasource?: { uid: string }; targets?: Target[] }
type Variable = { name: string; type: string; multi: boolean; query: { query: string } }
type Dashboard = { uid: string; panels: Panel[]; templating: { list: Variable[] } }

const FILE = path.join('grafana', 'dashboards', 'model-quality.json')
const committed: Dashboard = JSON.parse(readFileSync(FILE, 'utf8'))
const panels = committed.panels.filter((panel) => panel.type !== 'row')
const variables = committed.templating.list.filter((variable) => variable.type === 'query')

/** Long enough for rates from the test's scrapes, one each second. */
const RATE_INTERVAL = '30s'

function withVariables(expression: string, values: Record<string, string[]>): string {
  const filled = Object.entries({ __rate_interval: [RATE_INTERVAL], ...values }).reduce(
    (text, [name, chosen]) => text.replaceAll(`$${name}`, chosen.join('|')),
    expression,
  )
  expect(filled).not.toContain('$')
  return filled
}

describe('the dashboard file', () => {
  it('is what the builders make: node grafana/generate.ts', () => {
    expect(readFileSync(FILE, 'utf8')).toBe(`${JSON.stringify(modelQualityDashboard(), null, 2)}\n`)
  })

  it('can be imported anywhere: one address of its own, panels told apart, no data source but the chosen one', () => {
    expect(committed.uid).toBe('second-reader-model-quality')
    expect(committed).not.toHaveProperty('id')
    expect(new Set(committed.panels.map(({ id }) => id)).size).toBe(committed.panels.length)
    const sources = JSON.stringify(committed).match(/"uid":"[^"]*"/g) ?? []
    expect(new Set(sources)).toEqual(new Set(['"uid":"second-reader-model-quality"', '"uid":"$datasource"']))
    for (const panel of panels) expect(panel.datasource?.uid, panel.title).toBe('$datasource')
  })

  it('asks for accuracy as it is now, so that a deleted run leaves no number behind', () => {
    const targets = panels.filter(({ type }) => type !== 'timeseries').flatMap((panel) => panel.targets ?? [])
    expect(targets.length).toBeGreaterThan(0)
    for (const target of targets) expect(target).toMatchObject({ instant: true, range: false })
  })
})

describe('the expressions over requests', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sr-rules-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Prometheus' own rule tester: series by the minute, and what an expression gives after ten. */
  function expectValue(series: Record<string, string>, expression: string, value: number | null): void {
    const file = path.join(folder, 'test.json') // YAML reads JSON
    const expr = withVariables(expression, { instance: ['web'] }).replaceAll(RATE_INTERVAL, '5m')
    const test = {
      interval: '1m',
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      promql_expr_test: [
        { expr, eval_time: '10m', exp_samples: value === null ? [] : [{ labels: '{}', value }] },
      ],
    }
    writeFileSync(file, JSON.stringify({ evaluation_interval: '1m', tests: [test] }))
    execFileSync('promtool', ['test', 'rules', file], { stdio: 'pipe' })
  }
  const requests = (status: string) => `http_requests_total{instance="web",handler="/",status="${status}"}`

  it('give 0.25 for one 5xx in four, 0 where all went well, and nothing without requests', () => {
    expectValue({ [requests('2xx')]: '0+6x10', [requests('5xx')]: '0+2x10' }, ERROR_SHARE, 0.25)
    expectValue({ [requests('2xx')]: '0+6x10' }, ERROR_SHARE, 0)
    expectValue({ [requests('2xx')]: '7+0x10', [requests('5xx')]: '1+0x10' }, ERROR_SHARE, null)
    expectValue({}, ERROR_SHARE, null)
  })

  it('give the latency of answers without that of event streams, and nothing without requests', () => {
    const bucket = (handler: string, le: string) =>
      `http_request_duration_seconds_bucket{instance="web",handler="${handler}",le="${le}"}`
    const answers = { [bucket('/', '0.1')]: '0+50x10', [bucket('/', '0.2')]: '0+100x10' }
    const all = { ...answers, [bucket('/', '+Inf')]: '0+100x10' }
    const stream = { [bucket('/api/events', '0.1')]: '0+0x10', [bucket('/api/events', '+Inf')]: '0+900x10' }
    expectValue({ ...all, ...stream }, latency(0.5), 0.1)
    expectValue({ ...all, ...stream }, latency(0.75), 0.15)
    expectValue({ [bucket('/', '0.1')]: '5+0x10', [bucket('/', '+Inf')]: '5+0x10' }, latency(0.5), null)
  })
})

describe('the dashboard over a real installation', () => {
  const DATASETS = ['final_eval', 'test']
  let work: string
  let instance: Instance
  let api: ApiClient
  let prometheus: Prometheus
  const runs: { id: string; dataset: string; version: number }[] = []
  const values: Record<string, string[]> = {}

  beforeAll(async () => {
    work = mkdtempSync(path.join(tmpdir(), 'sr-grafana-'))
    instance = await startInstance({ env: { DATASET_ROOTS: work } })
    api = serviceApi(instance)
    for (const [index, dataset] of DATASETS.entries()) {
      writeImages(path.join(work, dataset), 12 + index)
      await registerFolder(api, dataset, path.join(work, dataset))
    }
    for (const [dataset, version] of [
      ['final_eval', 1],
      ['test', 2],
      ['final_eval', 3],
    ] as const) {
      const id = await startRun(api, dataset, version * 100)
      expect(await finishedRun(api, id)).toMatchObject({ status: 'succeeded' })
      runs.push({ id, dataset, version: runs.length + 1 })
    }
    prometheus = await startPrometheus([instance.url, instance.evaluatorUrl])
    await waitUntil(
      'every query has data',
      async () => {
        await readVariables()
        const answers = await Promise.all(allTargets().map(({ expr }) => ask(expr)))
        return answers.every((samples) => samples.length > 0)
      },
      60_000,
    )
  })
  afterAll(async () => {
    await prometheus?.stop()
    await instance?.stop()
    rmSync(work, { recursive: true, force: true })
  })

  const allTargets = () => panels.flatMap((panel) => panel.targets ?? [])
  const ask = (expression: string) => prometheus.query(withVariables(expression, values))

  /** As Grafana does: in their order, since a later one filters by the earlier. */
  async function readVariables(): Promise<void> {
    for (const { name, query } of variables) {
      const [, series = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(query.query) ?? []
      const match = new URLSearchParams({ 'match[]': withVariables(series, values) })
      const answer = await fetch(`${prometheus.url}/api/v1/label/${label}/values?${match}`)
      values[name] = ((await answer.json()) as { data: string[] }).data
    }
  }

  async function samplesOf(metric: string): Promise<PrometheusSample[]> {
    const targets = allTargets().filter(({ expr, instant }) => expr.includes(metric) && instant)
    expect(targets).toHaveLength(1)
    return ask(targets[0]?.expr ?? '')
  }
  const metricsOf = (run: { id: string } | undefined) => getMetrics(api, present(run).id)

  it('offers the installation without its evaluator, the datasets and the finding classes', () => {
    expect(values).toEqual({
      instance: [new URL(instance.url).host],
      dataset: DATASETS,
      class_name: ['lung-covid', 'lung-normal', 'lung-pneumonia'],
    })
  })

  it('shows the accuracy that the API gives: overall, per class and by model version', async () => {
    for (const dataset of DATASETS) {
      const { overall, findingClasses } = await metricsOf(runs.findLast((run) => run.dataset === dataset))
      const ofDataset = ({ labels }: PrometheusSample) => labels.dataset === dataset
      const shown = (await samplesOf('model_overall_accuracy')).filter(ofDataset)
      expect(shown.map(({ value }) => value)).toEqual([overall.accuracy])
      const perClass = (await samplesOf('model_accuracy_per_class')).filter(ofDataset)
      expect(Object.fromEntries(perClass.map(({ labels, value }) => [labels.class_name, value]))).toEqual(
        Object.fromEntries(findingClasses.map((row) => [row.findingClass, row.accuracy])),
      )
      expect(perClass.map(({ value }) => value)).toEqual(
        perClass.map(({ value }) => value).toSorted((a, b) => a - b),
      )
    }
    const byVersion = await samplesOf('second_reader_evaluation_accuracy')
    expect(byVersion).toHaveLength(runs.length)
    for (const run of runs) {
      const label = `test-model v${run.version}`
      const sample = byVersion.find(
        ({ labels }) => labels.model_version === label && labels.dataset === run.dataset,
      )
      expect(sample?.value, label).toBe((await metricsOf(run)).overall.accuracy)
    }
  })

  it('counts the runs of each status, none included', async () => {
    const counts = (await samplesOf('second_reader_evaluation_runs')).map(({ labels, value }) => [
      labels.status,
      value,
    ])
    expect(Object.fromEntries(counts)).toEqual({
      queued: 0,
      running: 0,
      succeeded: runs.length,
      failed: 0,
      cancelled: 0,
    })
  })

  it('shows how web answers: the routes asked, no fault, and a median below the 95th percentile', async () => {
    const [rate, errors, median, high] = await Promise.all(
      panels
        .filter(({ type, title }) => type === 'timeseries' && !title.includes('accuracy'))
        .flatMap((panel) => panel.targets ?? [])
        .map(({ expr }) => ask(expr)),
    )
    const scrapes = rate?.find(({ labels }) => labels.handler === '/metrics')
    expect(scrapes?.value).toBeGreaterThan(0)
    expect(errors?.map(({ value }) => value)).toEqual([0])
    expect(median?.[0]?.value).toBeGreaterThan(0)
    expect(high?.[0]?.value).toBeGreaterThanOrEqual(median?.[0]?.value ?? Number.NaN)
  })
})
