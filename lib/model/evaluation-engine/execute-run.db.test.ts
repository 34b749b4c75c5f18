import { setTimeout as delay } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { evaluationRunResults, evaluationRuns } from '#db/schema/evaluation-run.ts'
import { exportPredictions } from '#lib/model/evaluation-result/export-predictions.ts'
import { getEvaluationMetrics } from '#lib/model/evaluation-result/get-metrics.ts'
import { listPredictions } from '#lib/model/evaluation-result/list-predictions.ts'
import { retryEvaluationRun } from '#lib/model/evaluation-run/retry.ts'
import { FakeEvaluator, fakeProbabilities } from '#tests/support/fake-evaluator.ts'
import {
  numberedImage,
  openRunHarness,
  type RunHarness,
  sha256Of,
  TEST_CLASSES,
} from '#tests/support/test-runs.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

let harness: RunHarness
beforeAll(async () => {
  harness = await openRunHarness()
})
afterAll(async () => {
  await harness.close()
})
beforeEach(() => harness.evaluator.forget())

/** Answers all but those images, which get an error line. */
function answerWithErrors(codes: Record<string, string>): void {
  const { evaluator } = harness
  evaluator.onEvaluation = ({ request, response }) => {
    for (const item of request.items) {
      const code = codes[item.sha256 ?? '']
      const line =
        code === undefined
          ? evaluator.line(item, request)
          : { ...evaluator.stamp(item, request), status: 'error', code, message: 'as told' }
      response.write(`${JSON.stringify(line)}\n`)
    }
    response.end(`{"done":true,"total":${request.items.length}}\n`)
  }
}

const hashOf = (number: number) => sha256Of(numberedImage(number))

describe('a run', () => {
  test('asks for every image once and stores what it got to the last bit', async () => {
    await harness.makeDataset('plain', 60)
    const run = await harness.work(await harness.startRun(await harness.makeVersion(), 'plain'))
    expect(run).toMatchObject({
      status: 'succeeded',
      progress: { done: 60, errors: 0, total: 60 },
      reused: 0,
      excluded: 0,
      provider: 'cpu',
      reason: null,
    })
    expect(new Set(harness.evaluator.askedImages).size).toBe(60)
    expect(harness.evaluator.askedImages).toHaveLength(60)
    const rows = await listPredictions(harness, { id: run.id, take: 100 })
    expect(rows.map(({ imageKey }) => imageKey).sort()).toEqual(
      Array.from({ length: 60 }, (_, n) => `${TEST_CLASSES[n % 3]}/${String(n).padStart(6, '0')}.png`).sort(),
    )
    for (const row of rows) {
      const number = Number(/(\d+)\.png/.exec(row.imageKey)?.[1])
      expect(row.probabilities).toEqual(fakeProbabilities(hashOf(number), 3))
    }
    const metrics = await getEvaluationMetrics(harness, { id: run.id })
    expect(metrics).toMatchObject({ n: 60, errors: 0, excluded: 0, classesPresent: 3 })
  })

  test('over a grown dataset asks for the new images alone', async () => {
    await harness.makeDataset('growing', 100)
    const version = await harness.makeVersion()
    const first = await harness.work(await harness.startRun(version, 'growing'))
    await harness.datasets.settle()
    await harness.addImages('growing', 100, 101)
    harness.evaluator.forget()
    const second = await harness.work(await harness.startRun(version, 'growing'))
    expect(harness.evaluator.askedImages).toEqual([hashOf(100)])
    expect(second).toMatchObject({
      status: 'succeeded',
      reused: 100,
      progress: { total: 101, done: 101 },
    })
    expect((await harness.get(first.id)).progress).toEqual({ total: 100, done: 100, errors: 0 })
  })

  test('of a second version asks for every image again', async () => {
    await harness.makeDataset('two-versions', 9)
    await harness.work(await harness.startRun(await harness.makeVersion(), 'two-versions'))
    harness.evaluator.forget()
    await harness.work(await harness.startRun(await harness.makeVersion(), 'two-versions'))
    expect(harness.evaluator.askedImages).toHaveLength(9)
  })

  test('asks once for one content under several keys, and counts it under each', async () => {
    const image = numberedImage(1)
    await harness.datasets.register('twins', {
      'lung-covid/a.png': image,
      'lung-normal/b.png': image,
      'lung-normal/c.png': numberedImage(2),
    })
    await harness.datasets.scan('twins', { allowLabelConflicts: true })
    const run = await harness.work(await harness.startRun(await harness.makeVersion(), 'twins'))
    expect(harness.evaluator.askedImages.sort()).toEqual([hashOf(1), hashOf(2)].sort())
    expect(run.progress).toEqual({ done: 3, errors: 0, total: 3 })
  })

  test('keeps two requests open so that the evaluator never idles', async () => {
    await harness.makeDataset('pipelined', 200)
    const { evaluator } = harness
    const isPipelined = () => evaluator.openCount === 2 || evaluator.askedImages.length === 200
    evaluator.onEvaluation = async (exchange) => {
      await waitUntil('another request is open, or none is left', isPipelined)
      evaluator.answer(exchange)
    }
    await harness.work(await harness.startRun(await harness.makeVersion(), 'pipelined'))
    expect(harness.evaluator.maxOpenCount).toBe(2)
  })

  test('spreads its images over all evaluators', async () => {
    const second = await FakeEvaluator.start()
    try {
      await harness.makeDataset('spread', 200)
      const evaluators = [harness.evaluator.address, second.address]
      for (const evaluator of [harness.evaluator, second]) {
        evaluator.onEvaluation = async (exchange) => {
          await delay(20) // both are equally slow: neither gets all images by being first
          evaluator.answer(exchange)
        }
      }
      await harness.work(await harness.startRun(await harness.makeVersion(), 'spread'), { evaluators })
      expect(harness.evaluator.askedImages.length).toBeGreaterThan(40)
      expect(second.askedImages.length).toBeGreaterThan(40)
      expect(harness.evaluator.askedImages.length + second.askedImages.length).toBe(200)
    } finally {
      await second.stop()
    }
  })

  test('goes on with one evaluator when the other is away', async () => {
    const gone = await FakeEvaluator.start()
    const { address } = gone
    await gone.stop()
    await harness.makeDataset('one-away', 30)
    const evaluators = [address, harness.evaluator.address]
    const run = await harness.work(await harness.startRun(await harness.makeVersion(), 'one-away'), {
      evaluators,
    })
    expect(run.status).toBe('succeeded')
    expect(harness.evaluator.askedImages).toHaveLength(30)
  })

  test('sends the bytes of images that the evaluator cannot reach', async () => {
    await harness.makeDataset('unreachable', 20)
    const { evaluator } = harness
    evaluator.onEvaluation = (exchange) => {
      const { request, response } = exchange
      if (request.items.every(({ source }) => 'bytes' in source)) return evaluator.answer(exchange)
      for (const item of request.items)
        response.write(
          `${JSON.stringify({ ...evaluator.stamp(item, request), status: 'error', code: 'UNREACHABLE', message: '' })}\n`,
        )
      response.end(`{"done":true,"total":${request.items.length}}\n`)
    }
    const run = await harness.work(await harness.startRun(await harness.makeVersion(), 'unreachable'))
    expect(run.progress).toEqual({ done: 20, errors: 0, total: 20 })
    const sent = evaluator.bodies.flatMap(({ items }) => items).filter(({ source }) => 'bytes' in source)
    for (const { source, sha256 } of sent)
      expect(sha256Of(Buffer.from('bytes' in source ? source.bytes : '', 'base64'))).toBe(sha256)
    expect(new Set(sent.map(({ sha256 }) => sha256)).size).toBe(20)
  })
})

describe('images without a prediction', () => {
  test('are error rows, outside the metrics, and asked for again by a retry alone', async () => {
    await harness.makeDataset('errors', 30)
    answerWithErrors({ [hashOf(3)]: 'CORRUPT_IMAGE', [hashOf(7)]: 'DECODE_TIMEOUT' })
    const run = await harness.work(await harness.startRun(await harness.makeVersion(), 'errors'))
    expect(run).toMatchObject({ status: 'succeeded', progress: { done: 30, errors: 2, total: 30 } })
    expect(await getEvaluationMetrics(harness, { id: run.id })).toMatchObject({ n: 28, errors: 2 })
    const rows = await listPredictions(harness, { id: run.id, status: 'error', take: 9 })
    expect(
      rows.map(({ imageKey, code, predictedClass, probabilities }) => [
        imageKey,
        code,
        predictedClass,
        probabilities,
      ]),
    ).toEqual([
      ['lung-covid/000003.png', 'CORRUPT_IMAGE', null, null],
      ['lung-normal/000007.png', 'DECODE_TIMEOUT', null, null],
    ])

    harness.evaluator.forget()
    await retryEvaluationRun(harness.context(), { id: run.id })
    const again = await harness.work(run.id)
    expect(harness.evaluator.askedImages.sort()).toEqual([hashOf(3), hashOf(7)].sort())
    expect(again).toMatchObject({ status: 'succeeded', progress: { done: 30, errors: 0, total: 30 } })
    expect(await getEvaluationMetrics(harness, { id: run.id })).toMatchObject({ n: 30, errors: 0 })
    await expect(retryEvaluationRun(harness.context(), { id: run.id })).rejects.toMatchObject({
      code: 'NOTHING_TO_RETRY',
    })
  })

  test('may be all of them: the run succeeds with no number instead of a wrong one', async () => {
    await harness.makeDataset('all-broken', 3)
    answerWithErrors({ [hashOf(0)]: 'CORRUPT_IMAGE', [hashOf(1)]: 'NOT_FOUND', [hashOf(2)]: 'EMPTY_FILE' })
    const run = await harness.work(await harness.startRun(await harness.makeVersion(), 'all-broken'))
    expect(run.status).toBe('succeeded')
    const { n, overall } = await getEvaluationMetrics(harness, { id: run.id })
    expect([n, overall.accuracy, overall.macroF1]).toEqual([0, null, null])
  })

  test.each([
    [1, 'succeeded', null],
    [2, 'failed', 'INVALID_OUTPUT'],
  ])('because of %i non-finite outputs in 100 make the run %s', async (count, status, reasonCode) => {
    await harness.makeDataset(`non-finite-${count}`, 100)
    const bad = Array.from({ length: count }, (_, number) => [hashOf(number), 'INVALID_OUTPUT'])
    answerWithErrors(Object.fromEntries(bad))
    const run = await harness.work(await harness.startRun(await harness.makeVersion(), `non-finite-${count}`))
    expect(run).toMatchObject({ status, reasonCode })
  })
})

describe('predictions', () => {
  test('come page by page, each once, in one order', async () => {
    const [run] = await harness.db.select({ id: evaluationRuns.id }).from(evaluationRuns).limit(1)
    const id = run?.id ?? ''
    const all = await listPredictions(harness, { id, take: 1000 })
    const paged: typeof all = []
    for (let page = all.slice(0, 0); ; ) {
      page = await listPredictions(harness, { id, after: paged.at(-1) ?? null, take: 7 })
      paged.push(...page)
      if (page.length < 7) break
    }
    expect(paged).toEqual(all)
    expect(all.length).toBe(60)
  })

  test('are told apart by reference and predicted class', async () => {
    const [run] = await harness.db.select({ id: evaluationRuns.id }).from(evaluationRuns).limit(1)
    const id = run?.id ?? ''
    const all = await listPredictions(harness, { id, take: 1000 })
    const filter = { referenceClass: 'lung-covid', predictedClass: 'lung-normal' }
    const some = await listPredictions(harness, { id, ...filter, take: 1000 })
    expect(some).toEqual(
      all.filter((row) => row.referenceClass === 'lung-covid' && row.predictedClass === 'lung-normal'),
    )
    expect(some.length).toBeGreaterThan(0)
  })

  test('are exported as CSV from which every float64 comes back, and no name becomes a formula', async () => {
    const classes = ["=cmd|' calc'!A0", 'lung-normal', '-2+3']
    const files = Object.fromEntries(
      classes.flatMap((name, index) => [[`${name}/${index}, "odd".png`, numberedImage(index)]]),
    )
    await harness.datasets.register('formulas', files)
    const version = await harness.makeVersion({ findingClasses: classes })
    const run = await harness.work(await harness.startRun(version, 'formulas'))
    let text = ''
    for await (const page of await exportPredictions(harness.context(), { id: run.id })) text += page
    const [header, ...lines] = text.split('\r\n')
    expect(header).toBe(
      "imageKey,referenceClass,predictedClass,status,code,'=cmd|' calc'!A0,lung-normal,'-2+3",
    )
    expect(lines.filter((line) => line !== '')).toHaveLength(3)
    const rows = await listPredictions(harness, { id: run.id, take: 9 })
    for (const [index, row] of rows.entries()) {
      const cells = (lines[index] ?? '').split(',')
      expect(cells.slice(-3).map(Number)).toEqual(row.probabilities)
    }
    expect(text).not.toMatch(/(^|,)"?[=+\-@]/m)
  })
})

test('metrics of an older formula are computed anew', async () => {
  await harness.makeDataset('old-formula', 6)
  const run = await harness.work(await harness.startRun(await harness.makeVersion(), 'old-formula'))
  const metrics = await getEvaluationMetrics(harness, { id: run.id })
  const where = eq(evaluationRunResults.runId, run.id)
  await harness.db
    .update(evaluationRunResults)
    .set({ metrics: { n: -1 }, formulaVersion: 0 })
    .where(where)
  expect(await getEvaluationMetrics(harness, { id: run.id })).toEqual(metrics)
  const [stored] = await harness.db.select().from(evaluationRunResults).where(where)
  expect(stored?.metrics).toMatchObject(metrics)
})
