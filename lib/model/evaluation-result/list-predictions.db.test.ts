import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getDatasetNeighbours } from '#lib/data/image/image-neighbours.ts'
import {
  numberedImage,
  openRunHarness,
  type RunHarness,
  sha256Of,
  TEST_CLASSES,
} from '#tests/support/test-runs.ts'
import { exportPredictions } from './export-predictions.ts'
import { getRunCurves } from './get-curves.ts'
import { getEvaluationMetrics } from './get-metrics.ts'
import { getImage } from './image-details.ts'
import { countPredictions, listPredictions } from './list-predictions.ts'
import type { PredictionFilter } from './prediction-list.ts'
import { getPredictionNeighbours } from './prediction-neighbours.ts'
import { type PredictionSort, predictionSortSchema, type RunPrediction } from './schema.ts'

const IMAGES = 40
const REFUSED = [3, 17]

let harness: RunHarness
let id: string
let all: RunPrediction[]
beforeAll(async () => {
  harness = await openRunHarness()
  await harness.makeDataset('listed', IMAGES)
  const { evaluator } = harness
  const refused = new Set(REFUSED.map((number) => sha256Of(numberedImage(number))))
  evaluator.onEvaluation = ({ request, response }) => {
    for (const item of request.items) {
      const line = refused.has(item.sha256 ?? '')
        ? { ...evaluator.stamp(item, request), status: 'error', code: 'CORRUPT_IMAGE', message: 'as told' }
        : evaluator.line(item, request)
      response.write(`${JSON.stringify(line)}\n`)
    }
    response.end(`{"done":true,"total":${request.items.length}}\n`)
  }
  id = (await harness.work(await harness.startRun(await harness.makeVersion(), 'listed'))).id
  all = await listPredictions(harness, { id, take: 500 })
})
afterAll(() => harness?.close())

const isRight = (row: RunPrediction) => row.predictedClass === row.referenceClass

const FILTERS: [string, PredictionFilter, (row: RunPrediction) => boolean][] = [
  ['everything', {}, () => true],
  ['right', { outcome: 'right' }, (row) => row.status === 'ok' && isRight(row)],
  ['wrong', { outcome: 'wrong' }, (row) => row.status === 'ok' && !isRight(row)],
  ['errors', { outcome: 'error' }, (row) => row.status === 'error'],
  ['one reference class', { referenceClass: 'lung-normal' }, (row) => row.referenceClass === 'lung-normal'],
  [
    'a cell of the confusion matrix',
    { referenceClass: 'lung-covid', predictedClass: 'lung-normal' },
    (row) => row.referenceClass === 'lung-covid' && row.predictedClass === 'lung-normal',
  ],
  ['what contradicts itself', { outcome: 'error', predictedClass: 'lung-normal' }, () => false],
  ['an unknown class', { predictedClass: 'no such class' }, () => false],
]

function sorted(rows: RunPrediction[], sort: PredictionSort): RunPrediction[] {
  if (sort === 'key') return rows
  const sign = sort === 'confidence-desc' ? -1 : 1
  const rank = ({ confidence }: RunPrediction) => (confidence === null ? 2 : sign * confidence)
  return rows.toSorted((a, b) => rank(a) - rank(b) || a.imageId - b.imageId)
}

describe.each(predictionSortSchema.options)('the list in the order %s', (sort) => {
  test.each(FILTERS)('holds %s, page by page, and knows how many', async (_name, filter, wanted) => {
    const expected = sorted(all.filter(wanted), sort)
    const paged: RunPrediction[] = []
    for (let page = paged.slice(); ; ) {
      page = await listPredictions(harness, { id, ...filter, sort, after: paged.at(-1), take: 7 })
      paged.push(...page)
      if (page.length < 7) break
    }
    expect(paged).toEqual(expected)
    expect(await countPredictions(harness, { id, ...filter })).toBe(expected.length)
    let csv = ''
    for await (const part of await exportPredictions(harness.context(), { id, ...filter, sort })) csv += part
    const keys = csv
      .trim()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',')[0])
    expect(keys).toEqual(expected.map(({ imageKey }) => imageKey))
  })

  test('leads from each image to the one before and after it', async () => {
    const list = sorted(
      all.filter((row) => row.status === 'ok' && !isRight(row)),
      sort,
    )
    const shown = (row: RunPrediction | undefined) =>
      row === undefined ? null : { id: row.imageId, imageKey: row.imageKey }
    for (const at of [0, 1, list.length - 1]) {
      const input = { id, sort, outcome: 'wrong', imageId: list[at]?.imageId ?? 0 } as const
      expect(await getPredictionNeighbours(harness, input)).toEqual({
        previous: shown(list[at - 1]),
        next: shown(list[at + 1]),
        position: at + 1,
        total: list.length,
      })
    }
  })
})

test('an answer says the patient, and as its confidence the largest probability', () => {
  const answered = all.filter(({ status }) => status === 'ok')
  expect(answered).toHaveLength(IMAGES - REFUSED.length)
  for (const row of answered) expect(row.confidence).toBe(Math.max(...(row.probabilities ?? [])))
  expect(all.map(({ imageKey }) => imageKey)).toEqual(all.map(({ imageKey }) => imageKey).toSorted())
})

test('an image that the filters leave out has no position, and one of another run is not found', async () => {
  const right = all.find((row) => row.status === 'ok' && isRight(row))
  const input = { id, outcome: 'wrong', imageId: right?.imageId ?? 0 } as const
  expect(await getPredictionNeighbours(harness, input)).toMatchObject({ position: null })
  await expect(getPredictionNeighbours(harness, { id, imageId: 999_999 })).rejects.toMatchObject({
    kind: 'NOT_FOUND',
  })
})

test('the curves count the images that the metrics count', async () => {
  const [metrics, curves] = [await getEvaluationMetrics(harness, { id }), await getRunCurves(harness, { id })]
  expect(metrics).not.toHaveProperty('curves')
  expect(curves.n).toBe(metrics.n)
  expect(curves.reliability.ece).toBe(metrics.overall.ece)
  expect(curves.roc.map(({ findingClass, n, auroc }) => [findingClass, n, auroc])).toEqual(
    metrics.findingClasses.map(({ findingClass, n, auroc }) => [findingClass, n, auroc]),
  )
  for (const { points } of curves.roc)
    expect([points[0], points.at(-1)]).toEqual([
      [0, 0],
      [1, 1],
    ])
  const right = curves.confidence.bins.reduce((sum, bin) => sum + bin.right, 0)
  expect(right).toBe(all.filter((row) => row.status === 'ok' && isRight(row)).length)
})

test('an image tells its content’s other places and what each version made of it', async () => {
  await harness.makeDataset('twin', 1)
  await harness.startRun(await harness.makeVersion(), 'twin')
  const number = all.findIndex(({ imageKey }) => imageKey.endsWith('/000000.png'))
  const row = all[number] as RunPrediction
  const image = await getImage(harness, { id: row.imageId })
  expect(image).toMatchObject({
    dataset: 'listed',
    imageKey: row.imageKey,
    sha256: sha256Of(numberedImage(0)),
    addedAt: expect.any(Date),
    duplicates: [{ dataset: 'twin', imageKey: row.imageKey }],
    predictions: [
      {
        evaluationRunId: id,
        findingClasses: TEST_CLASSES,
        predictedClass: row.predictedClass,
        probabilities: row.probabilities,
        confidence: row.confidence,
        correct: isRight(row),
        provider: 'cpu',
        code: null,
      },
    ],
  })
  expect(image.snapshots).toHaveLength(1)
  const refused = all.find(({ status }) => status === 'error')
  expect((await getImage(harness, { id: refused?.imageId ?? 0 })).predictions).toMatchObject([
    { predictedClass: null, probabilities: null, correct: null, code: 'CORRUPT_IMAGE', message: 'as told' },
  ])
})

test('a dataset leads from each image to its neighbours by key, of one class or of all', async () => {
  const [first, second] = all
  const neighbours = await getDatasetNeighbours(harness, { imageId: second?.imageId ?? 0 })
  expect(neighbours).toMatchObject({ previous: { id: first?.imageId }, position: 2, total: IMAGES })
  const covid = all.filter(({ referenceClass }) => referenceClass === 'lung-covid')
  const last = await getDatasetNeighbours(harness, {
    imageId: covid.at(-1)?.imageId ?? 0,
    findingClass: 'lung-covid',
  })
  expect(last).toMatchObject({ next: null, position: covid.length, total: covid.length })
})
