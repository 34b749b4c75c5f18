import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { RADIOGRAPHS } from '#tests/support/api-site.ts'
import { present } from '#tests/support/present.ts'
import { type Prometheus, startPrometheus } from '#tests/support/prometheus.ts'
import { expectMetricsOfScikitLearn } from '#tests/support/scikit-learn.ts'
import {
  evaluate,
  getMetrics,
  modelFolderForm,
  registerFolder,
  serviceApi,
  uploadVersion,
} from '#tests/support/service-api.ts'
import { shareInstance } from '#tests/support/shared-instance.ts'
import { PYTHON } from '#tests/support/test-models.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

// Real radiographs are research data that this repository does not hold: the suite runs where they lie beside it.
describe.runIf(existsSync(RADIOGRAPHS))('evaluating real radiographs through the API', () => {
  const instance = shareInstance()
  const api = serviceApi(instance)
  const { work } = instance
  const growing = path.join(work, 'growing')
  let prometheus: Prometheus
  let versionId: string
  let runId: string

  const python = (...args: string[]) => execFileSync(PYTHON, ['-m', ...args], { stdio: 'pipe' })
  const makeModel = (kind: string) => {
    const out = path.join(work, kind)
    python('second_reader_trainer.make_test_model', '--kind', kind, '--out', out)
    return out
  }

  beforeAll(async () => {
    cpSync(path.join(RADIOGRAPHS, 'val'), growing, { recursive: true })
    prometheus = await startPrometheus([instance.url])
  })
  afterAll(() => prometheus?.stop())

  it('admits a model once, and gives the same version when it is uploaded again', async () => {
    const folder = makeModel('tiny')
    const upload = async () => api.POST('/api/model-versions', { body: await modelFolderForm(folder) })
    const [first, again] = [await upload(), await upload()]
    expect([first.response.status, again.response.status, again.data?.id]).toEqual([201, 200, first.data?.id])
    versionId = present(first.data).id
  })

  it('gives the numbers that scikit-learn computes from the exported predictions', async () => {
    const patientPattern = '^nih-lung-[a-z]+-(\\d+)_'
    await registerFolder(api, 'final_eval', `${RADIOGRAPHS}/final_eval`, { patientPattern })
    const run = await evaluate(api, versionId, 'final_eval')
    expect(run).toMatchObject({
      status: 'succeeded',
      progress: { done: 186, errors: 0, total: 186 },
      excluded: 0,
    })
    runId = run.id

    const byId = { params: { path: { id: versionId } } }
    const { findingClasses } = await dataOf(api.GET('/api/model-versions/{id}', byId))
    const { n } = await expectMetricsOfScikitLearn(instance, runId, findingClasses)
    expect(n).toBe(186)
  })

  it('shows Prometheus the accuracy of the newest run, overall and per class', async () => {
    const metrics = await getMetrics(api, runId)
    const sample = async (expression: string) => (await prometheus.query(expression))[0]?.value
    const overall = 'model_overall_accuracy{dataset="final_eval"}'
    await waitUntil('Prometheus has scraped', async () => (await sample(overall)) !== undefined, 30_000)
    expect(await sample(overall)).toBe(metrics.overall.accuracy)
    for (const row of metrics.findingClasses) {
      const gauge = `model_accuracy_per_class{dataset="final_eval",class_name="${row.findingClass}"}`
      expect(await sample(gauge)).toBe(row.accuracy)
    }
    const text = await (await fetch(`${instance.url}/metrics`)).text()
    expect(execFileSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })).toBe('')
  })

  it('asks only for new images when a dataset has grown', async () => {
    await registerFolder(api, 'growing', growing)
    expect(await evaluate(api, versionId, 'growing')).toMatchObject({
      status: 'succeeded',
      reused: 0,
      progress: { done: 79 },
    })
    const source = path.join(RADIOGRAPHS, 'train', 'lung-normal')
    const [added = ''] = readdirSync(source)
    cpSync(path.join(source, added), path.join(growing, 'lung-normal', added))
    expect(await evaluate(api, versionId, 'growing')).toMatchObject({
      status: 'succeeded',
      reused: 79,
      progress: { done: 80, errors: 0, total: 80 },
    })
  })

  it('evaluates another model than ours: 96 × 80, own names, mean and deviation, three classes', async () => {
    const folder = makeModel('other')
    const card = JSON.parse(readFileSync(path.join(folder, 'model.json'), 'utf8'))
    expect([card.input.width, card.input.height, card.findingClasses.length]).toEqual([96, 80, 3])
    const { id } = await uploadVersion(api, await modelFolderForm(folder))
    const run = await evaluate(api, id, 'growing')
    expect(run).toMatchObject({ status: 'succeeded', progress: { done: 80, errors: 0 } })

    const out = path.join(work, 'other.csv')
    python('second_reader_trainer.evaluate', '--model', folder, '--dataset', growing, '--predictions', out)
    const [header = '', ...lines] = readFileSync(out, 'utf8').trim().split(/\r?\n/)
    const columns = header.split(',')
    const params = { path: { id: run.id }, query: { limit: 500 } }
    const rows = (await dataOf(api.GET('/api/evaluation-runs/{id}/predictions', { params }))).items
    const byKey = new Map(rows.map((row) => [row.imageKey, row.probabilities ?? []]))
    expect(lines).toHaveLength(80)
    for (const line of lines) {
      const cells = line.split(',')
      const expected = card.findingClasses.map((name: string) => Number(cells[columns.indexOf(name)]))
      const given = byKey.get(cells[columns.indexOf('imageKey')] ?? '') ?? []
      expected.forEach((p: number, index: number) => {
        expect(given[index], line).toBeCloseTo(p, 4)
      })
    }
  })

  it('serves a client of the seed system unchanged', async () => {
    const folder = path.join(growing, 'lung-covid')
    const form = new FormData()
    const [image = ''] = readdirSync(folder)
    form.set('file', new Blob([readFileSync(path.join(folder, image))], { type: 'image/jpeg' }), 'image.jpg')
    const predicted = await fetch(`${instance.url}/predict/`, {
      method: 'POST',
      body: form,
      redirect: 'error',
    })
    expect(predicted.status).toBe(200)
    const prediction = await predicted.json()
    const probabilities: number[] = Object.values(prediction.probabilities)
    expect(prediction.pred_class).toBe(Object.keys(prediction.probabilities)[prediction.pred_idx])
    expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9)

    const countRuns = async () => {
      const params = { query: { limit: 500, dataset: 'growing' } }
      return (await dataOf(api.GET('/api/evaluation-runs', { params }))).items.length
    }
    const before = await countRuns()
    const start = async () => (await fetch(`${instance.url}/evaluate?dataset=growing`)).json()
    const answers = await Promise.all([start(), start()])
    expect(answers).toEqual(Array(2).fill({ status: 'evaluation started for growing' }))
    expect(await countRuns()).toBe(before + 1)
    expect((await fetch(`${instance.url}/evaluate?dataset=nowhere`)).status).toBe(404)
    expect(await (await fetch(`${instance.url}/health`)).json()).toEqual({ status: 'ok' })
  })

  it('serves an image as re-encoded pixels, to those who may see it', async () => {
    const params = { path: { name: 'growing' }, query: { limit: 1 } }
    const [image] = (await dataOf(api.GET('/api/datasets/{name}/images', { params }))).items
    const address = `${instance.url}/api/images/${present(image).id}/content?size=thumbnail`
    const thumbnail = await fetch(address, { headers: { Authorization: `Bearer ${instance.apiKey}` } })
    expect(thumbnail.status).toBe(200)
    expect((await thumbnail.arrayBuffer()).byteLength).toBeLessThanOrEqual(10_000)
    expect((await fetch(address)).status).toBe(401)
  })

  it('keeps a linear audit chain over all of it', async () => {
    expect(await dataOf(api.GET('/api/audit-events/verify'))).toMatchObject({ ok: true })
  })
})
