import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import type { DatasetSources } from '#lib/data/dataset-source/sources.ts'
import { listPredictions } from '#lib/model/evaluation-result/list-predictions.ts'
import { retryEvaluationRun } from '#lib/model/evaluation-run/retry.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { FakeEvaluator } from '#tests/support/fake-evaluator.ts'
import { numberedImage, openRunHarness, type RunHarness, sha256Of } from '#tests/support/test-runs.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

let harness: RunHarness
beforeAll(async () => {
  harness = await openRunHarness()
})
afterAll(async () => {
  await harness.close()
})
beforeEach(() => {
  harness.evaluator.forget()
  harness.datasets.beforeRead = async () => undefined
})

const hashOf = (number: number) => sha256Of(numberedImage(number))

describe('a run whose evaluator', () => {
  test('cuts every first reply somewhere asks again for what is missing alone', async () => {
    await harness.makeDataset('cut', 60)
    const { evaluator } = harness
    evaluator.onEvaluation = ({ request, response, count }) => {
      const whole = Buffer.from(evaluator.reply(request))
      if (count > 6) response.end(whole)
      else response.write(whole.subarray(0, Math.floor((whole.length * count) / 8)), () => response.destroy())
    }
    const run = await harness.work(await harness.startRun(await harness.makeVersion(), 'cut'))
    expect(run).toMatchObject({ status: 'succeeded', progress: { done: 60, errors: 0, total: 60 } })
    const asked = evaluator.askedImages
    expect(asked.length).toBeLessThan(60 * 3)
    expect(new Set(asked).size).toBe(60)
  })

  test('dies of one image gives that one up and no other', async () => {
    await harness.makeDataset('poison', 64)
    const { evaluator } = harness
    const poison = hashOf(20)
    evaluator.onEvaluation = (exchange) => {
      if (exchange.request.items.some(({ sha256 }) => sha256 === poison)) exchange.response.destroy()
      else evaluator.answer(exchange)
    }
    const run = await harness.work(await harness.startRun(await harness.makeVersion(), 'poison'))
    expect(run).toMatchObject({ status: 'succeeded', progress: { done: 64, errors: 1, total: 64 } })
    const errors = await listPredictions(harness, { id: run.id, status: 'error', take: 9 })
    expect(errors.map(({ imageKey, code }) => [imageKey, code])).toEqual([
      ['lung-pneumonia/000020.png', 'DECODE_CRASH'],
    ])
  })

  test('dies of one image after some lines gives up that one all the same', async () => {
    await harness.makeDataset('late-poison', 40)
    const { evaluator } = harness
    const poison = hashOf(11)
    evaluator.onEvaluation = async ({ request, response }) => {
      for (const item of request.items) {
        if (item.sha256 === poison) return response.destroy()
        await new Promise((resolve) =>
          response.write(`${JSON.stringify(evaluator.line(item, request))}\n`, resolve),
        )
      }
      return response.end(`{"done":true,"total":${request.items.length}}\n`)
    }
    const run = await harness.work(await harness.startRun(await harness.makeVersion(), 'late-poison'))
    expect(run).toMatchObject({ status: 'succeeded', progress: { done: 40, errors: 1, total: 40 } })
  })

  test('is away waits, says since when, and goes on when it is back', async () => {
    await harness.makeDataset('away', 10)
    const version = await harness.makeVersion()
    harness.evaluator.ready = false
    const id = await harness.startRun(version, 'away')
    const working = harness.work(id)
    await waitUntil('the run says why it waits', async () => (await harness.get(id)).reasonCode !== null)
    expect(await harness.get(id)).toMatchObject({
      status: 'running',
      reasonCode: 'EVALUATOR_AWAY',
      reason: expect.stringMatching(/away since \d{4}-.*as told/),
    })
    harness.evaluator.ready = true
    expect(await working).toMatchObject({ status: 'succeeded', reason: null, reasonCode: null })
  })

  test('goes away in the middle waits as well', async () => {
    const evaluator = await FakeEvaluator.start()
    const { address } = evaluator
    await harness.makeDataset('away-later', 40)
    const version = await harness.makeVersion()
    evaluator.onEvaluation = (exchange) => {
      if (exchange.count === 1) evaluator.answer(exchange)
      else void evaluator.stop()
    }
    const id = await harness.startRun(version, 'away-later')
    const working = harness.work(id, { evaluators: [address] })
    await waitUntil('the run says why it waits', async () => (await harness.get(id)).reasonCode !== null)
    expect(await harness.get(id)).toMatchObject({ status: 'running', reasonCode: 'EVALUATOR_AWAY' })
    const back = await FakeEvaluator.start(Number(new URL(address.url).port))
    expect(await working).toMatchObject({ status: 'succeeded', progress: { done: 40, errors: 0, total: 40 } })
    await back.stop()
  })

  test('answers for another model fails, and stores nothing of it', async () => {
    await harness.makeDataset('foreign', 10)
    const { evaluator } = harness
    evaluator.onEvaluation = ({ request, response }) =>
      response.end(evaluator.reply(request).replaceAll(request.model.sha256, 'ef'.repeat(32)))
    const run = await harness.work(await harness.startRun(await harness.makeVersion(), 'foreign'))
    expect(run).toMatchObject({ status: 'failed', reasonCode: 'EVALUATOR_MISMATCH', progress: { done: 0 } })
    expect(run.reason).toMatch(/same release/)
  })

  test('changes its provider fails with the remedy, and the remedy works', async () => {
    await harness.makeDataset('provider', 60)
    const { evaluator } = harness
    evaluator.provider = 'cuda'
    const id = await harness.startRun(await harness.makeVersion(), 'provider')
    evaluator.onEvaluation = (exchange) => {
      evaluator.answer(exchange)
      evaluator.provider = 'cpu'
    }
    const run = await harness.work(id)
    expect(run).toMatchObject({ status: 'failed', reasonCode: 'PROVIDER_CHANGED', provider: 'cuda' })
    expect(run.reason).toMatch(/retry/)
    await retryEvaluationRun(harness.context(), { id })
    expect(await harness.work(id)).toMatchObject({
      status: 'succeeded',
      provider: 'cpu',
      progress: { done: 60, errors: 0 },
    })
  })

  test('refuses the model fails with what it says', async () => {
    await harness.makeDataset('refused', 5)
    harness.evaluator.onEvaluation = ({ response }) => {
      response.statusCode = 404
      response.end('{"error":{"code":"MODEL_NOT_FOUND","message":"The object store has no such model."}}')
    }
    const run = await harness.work(await harness.startRun(await harness.makeVersion(), 'refused'))
    expect(run).toMatchObject({
      status: 'failed',
      reasonCode: 'MODEL_NOT_FOUND',
      reason: 'The object store has no such model.',
    })
  })

  test('is busy is asked again later and blames no image', async () => {
    await harness.makeDataset('busy', 5)
    const { evaluator } = harness
    evaluator.onEvaluation = (exchange) => {
      if (exchange.count > 4) return evaluator.answer(exchange)
      exchange.response.statusCode = 503
      return exchange.response.end('{"error":{"code":"UNAVAILABLE","message":"stopping"}}')
    }
    const run = await harness.work(await harness.startRun(await harness.makeVersion(), 'busy'))
    expect(run).toMatchObject({ status: 'succeeded', progress: { done: 5, errors: 0 } })
  })

  test.each([3, 40])(
    'can read none of %i images is sent their bytes, and no image is blamed',
    async (count) => {
      await harness.makeDataset(`unread-${count}`, count)
      answerUnread()
      const run = await harness.work(await harness.startRun(await harness.makeVersion(), `unread-${count}`))
      expect(run).toMatchObject({ status: 'succeeded', progress: { done: count, errors: 0, total: count } })
      expect(harness.evaluator.askedImages).toHaveLength(2 * count)
    },
  )

  test.each([3, 40])(
    'can read none of %i images while their store is away waits, says why, and goes on when it is back',
    async (count) => {
      await harness.makeDataset(`outage-${count}`, count)
      answerUnread()
      let isAway = true
      const { openStore } = harness.datasets.sources
      const sources: DatasetSources = {
        ...harness.datasets.sources,
        openStore: (url, options) => {
          const store = openStore(url, options)
          const check = async () => {
            if (isAway) throw new ServiceError('UNAVAILABLE', 'The bucket does not answer.')
          }
          return { ...store, check }
        },
      }
      const id = await harness.startRun(await harness.makeVersion(), `outage-${count}`)
      const working = harness.work(id, { sources })
      for (let looks = 0; looks < 3; looks++) {
        await waitUntil('the attempt is given up', async () => {
          const row = await rowOf(id)
          return row?.status === 'running' && row.owner === null
        })
        const row = await rowOf(id)
        expect(row).toMatchObject({ status: 'running', attemptCount: 0, failureCode: 'STORE_AWAY' })
        expect(row?.failureDetail).toMatch(/object store is away since .*: The bucket does not answer/)
        isAway = looks < 2
        await harness.db
          .update(evaluationRuns)
          .set({ leaseUntil: sql`clock_timestamp() - interval '1 s'`, owner: 'no-process' })
          .where(eq(evaluationRuns.id, id))
      }
      expect(await working).toMatchObject({
        status: 'succeeded',
        progress: { done: count, errors: 0, total: count },
        reasonCode: null,
      })
    },
  )
})

test('an image that neither the evaluator nor we can read, of a store that is there, is given up alone', async () => {
  await harness.makeDataset('bad-sector', 12)
  answerUnread()
  const id = await harness.startRun(await harness.makeVersion(), 'bad-sector')
  let reads = 0
  harness.datasets.beforeRead = async (key) => {
    if (key !== 'lung-pneumonia/000005.png') return
    reads += 1
    throw new ServiceError('UNAVAILABLE', 'EIO')
  }
  const run = await harness.work(id)
  expect(run).toMatchObject({ status: 'succeeded', progress: { done: 12, errors: 1, total: 12 } })
  expect(reads).toBe(3)
  const errors = await listPredictions(harness, { id: run.id, status: 'error', take: 9 })
  expect(errors.map(({ imageKey, code }) => [imageKey, code])).toEqual([
    ['lung-pneumonia/000005.png', 'READ_FAILED'],
  ])
})

test('an image whose read hangs is not to blame, although its store answers: the run waits, then ends whole', async () => {
  await harness.makeDataset('hanging', 12)
  answerUnread()
  const id = await harness.startRun(await harness.makeVersion(), 'hanging')
  let hangs = true
  let reads = 0
  harness.datasets.beforeRead = async () => {
    if (!hangs) return
    reads += 1
    throw new ServiceError('UNAVAILABLE', 'The folder did not answer within 10 s.', { code: 'STORE_AWAY' })
  }
  const working = harness.work(id)
  await waitUntil('the attempt is given up', async () => {
    const row = await rowOf(id)
    return row?.status === 'running' && row.owner === null
  })
  expect(await rowOf(id)).toMatchObject({
    failureCode: 'STORE_AWAY',
    failureDetail: expect.stringContaining('The folder did not answer within 10 s.'),
  })
  expect(reads).toBeLessThanOrEqual(2)
  hangs = false
  await harness.db
    .update(evaluationRuns)
    .set({ leaseUntil: sql`clock_timestamp() - interval '1 s'`, owner: 'no-process' })
    .where(eq(evaluationRuns.id, id))
  expect(await working).toMatchObject({
    status: 'succeeded',
    progress: { done: 12, errors: 0, total: 12 },
  })
})

const rowOf = async (id: string) =>
  (await harness.db.select().from(evaluationRuns).where(eq(evaluationRuns.id, id)))[0]

/** Every image that the evaluator must fetch by itself is answered by an error line: it could not be read. */
function answerUnread(): void {
  const { evaluator } = harness
  evaluator.onEvaluation = ({ request, response }) => {
    const error = { status: 'error', code: 'READ_FAILED', message: 'the store cannot be reached' }
    for (const item of request.items) {
      const line =
        'bytes' in item.source
          ? evaluator.line(item, request)
          : { ...evaluator.stamp(item, request), ...error }
      response.write(`${JSON.stringify(line)}\n`)
    }
    return response.end(`{"done":true,"total":${request.items.length}}\n`)
  }
}
