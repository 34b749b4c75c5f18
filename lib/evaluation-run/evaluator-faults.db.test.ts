import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { FakeEvaluator } from '#tests/support/fake-evaluator.ts'
import { waitUntil } from '#tests/support/wait-until.ts'
import { listPredictions } from './list-predictions.ts'
import { retryEvaluationRun } from './retry.ts'
import { numberedImage, openRunBench, type RunBench, sha256Of } from './test-runs.ts'

let bench: RunBench
beforeAll(async () => {
  bench = await openRunBench()
})
afterAll(async () => {
  await bench.close()
})
beforeEach(() => bench.evaluator.forget())

const hashOf = (number: number) => sha256Of(numberedImage(number))

describe('a run whose evaluator', () => {
  test('cuts every first reply somewhere asks again for what is missing alone', async () => {
    await bench.makeDataset('cut', 60)
    const { evaluator } = bench
    evaluator.onEvaluation = ({ request, response, count }) => {
      const whole = Buffer.from(evaluator.reply(request))
      if (count > 6) response.end(whole)
      else response.write(whole.subarray(0, Math.floor((whole.length * count) / 8)), () => response.destroy())
    }
    const run = await bench.work(await bench.startRun(await bench.makeVersion(), 'cut'))
    expect(run).toMatchObject({ status: 'succeeded', progress: { done: 60, errors: 0, total: 60 } })
    const asked = evaluator.askedImages
    expect(asked.length).toBeLessThan(60 * 3)
    expect(new Set(asked).size).toBe(60)
  })

  test('dies of one image gives that one up and no other', async () => {
    await bench.makeDataset('poison', 64)
    const { evaluator } = bench
    const poison = hashOf(20)
    evaluator.onEvaluation = (exchange) => {
      if (exchange.request.items.some(({ sha256 }) => sha256 === poison)) exchange.response.destroy()
      else evaluator.answer(exchange)
    }
    const run = await bench.work(await bench.startRun(await bench.makeVersion(), 'poison'))
    expect(run).toMatchObject({ status: 'succeeded', progress: { done: 64, errors: 1, total: 64 } })
    const errors = await listPredictions(bench, { id: run.id, status: 'error', afterImageId: 0, take: 9 })
    expect(errors.map(({ imageKey, code }) => [imageKey, code])).toEqual([
      ['lung-pneumonia/000020.png', 'DECODE_CRASH'],
    ])
  })

  test('dies of one image after some lines gives up that one all the same', async () => {
    await bench.makeDataset('late-poison', 40)
    const { evaluator } = bench
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
    const run = await bench.work(await bench.startRun(await bench.makeVersion(), 'late-poison'))
    expect(run).toMatchObject({ status: 'succeeded', progress: { done: 40, errors: 1, total: 40 } })
  })

  test('is away waits, says since when, and goes on when it is back', async () => {
    await bench.makeDataset('away', 10)
    const version = await bench.makeVersion()
    bench.evaluator.ready = false
    const id = await bench.startRun(version, 'away')
    const working = bench.work(id)
    await waitUntil('the run says why it waits', async () => (await bench.get(id)).reasonCode !== null)
    expect(await bench.get(id)).toMatchObject({
      status: 'running',
      reasonCode: 'EVALUATOR_AWAY',
      reason: expect.stringMatching(/away since \d{4}-.*as told/),
    })
    bench.evaluator.ready = true
    expect(await working).toMatchObject({ status: 'succeeded', reason: null, reasonCode: null })
  })

  test('goes away in the middle waits as well', async () => {
    const evaluator = await FakeEvaluator.start()
    const { address } = evaluator
    await bench.makeDataset('away-later', 40)
    const version = await bench.makeVersion()
    evaluator.onEvaluation = (exchange) => {
      if (exchange.count === 1) evaluator.answer(exchange)
      else void evaluator.stop()
    }
    const id = await bench.startRun(version, 'away-later')
    const working = bench.work(id, { evaluators: [address] })
    await waitUntil('the run says why it waits', async () => (await bench.get(id)).reasonCode !== null)
    expect(await bench.get(id)).toMatchObject({ status: 'running', reasonCode: 'EVALUATOR_AWAY' })
    const back = await FakeEvaluator.start(Number(new URL(address.url).port))
    expect(await working).toMatchObject({ status: 'succeeded', progress: { done: 40, errors: 0, total: 40 } })
    await back.stop()
  })

  test('answers for another model fails, and stores nothing of it', async () => {
    await bench.makeDataset('foreign', 10)
    const { evaluator } = bench
    evaluator.onEvaluation = ({ request, response }) =>
      response.end(evaluator.reply(request).replaceAll(request.model.sha256, 'ef'.repeat(32)))
    const run = await bench.work(await bench.startRun(await bench.makeVersion(), 'foreign'))
    expect(run).toMatchObject({ status: 'failed', reasonCode: 'EVALUATOR_MISMATCH', progress: { done: 0 } })
    expect(run.reason).toMatch(/same release/)
  })

  test('changes its provider fails with the remedy, and the remedy works', async () => {
    await bench.makeDataset('provider', 60)
    const { evaluator } = bench
    evaluator.provider = 'cuda'
    const id = await bench.startRun(await bench.makeVersion(), 'provider')
    evaluator.onEvaluation = (exchange) => {
      evaluator.answer(exchange)
      evaluator.provider = 'cpu'
    }
    const run = await bench.work(id)
    expect(run).toMatchObject({ status: 'failed', reasonCode: 'PROVIDER_CHANGED', provider: 'cuda' })
    expect(run.reason).toMatch(/retry/)
    await retryEvaluationRun(bench.context(), { id })
    expect(await bench.work(id)).toMatchObject({
      status: 'succeeded',
      provider: 'cpu',
      progress: { done: 60, errors: 0 },
    })
  })

  test('refuses the model fails with what it says', async () => {
    await bench.makeDataset('refused', 5)
    bench.evaluator.onEvaluation = ({ response }) => {
      response.statusCode = 404
      response.end('{"error":{"code":"MODEL_NOT_FOUND","message":"The object store has no such model."}}')
    }
    const run = await bench.work(await bench.startRun(await bench.makeVersion(), 'refused'))
    expect(run).toMatchObject({
      status: 'failed',
      reasonCode: 'MODEL_NOT_FOUND',
      reason: 'The object store has no such model.',
    })
  })

  test('is busy is asked again later and blames no image', async () => {
    await bench.makeDataset('busy', 5)
    const { evaluator } = bench
    evaluator.onEvaluation = (exchange) => {
      if (exchange.count > 4) return evaluator.answer(exchange)
      exchange.response.statusCode = 503
      return exchange.response.end('{"error":{"code":"UNAVAILABLE","message":"stopping"}}')
    }
    const run = await bench.work(await bench.startRun(await bench.makeVersion(), 'busy'))
    expect(run).toMatchObject({ status: 'succeeded', progress: { done: 5, errors: 0 } })
  })

  test('can read no image at all blames none of them, and goes on when the store is back', async () => {
    await bench.makeDataset('store-away', 40)
    answerUnread((count) => count <= 6)
    const run = await bench.work(await bench.startRun(await bench.makeVersion(), 'store-away'))
    expect(run).toMatchObject({ status: 'succeeded', progress: { done: 40, errors: 0, total: 40 } })
  })

  test('can read no image for long fails with that, and the retry asks for all of them', async () => {
    await bench.makeDataset('store-gone', 16)
    answerUnread(() => true)
    let looks = 0
    const id = await bench.startRun(await bench.makeVersion(), 'store-gone')
    const run = await bench.work(id, { now: () => new Date(Date.now() + 10_000 * looks++) })
    expect(run).toMatchObject({
      status: 'failed',
      reasonCode: 'READ_FAILED',
      progress: { done: 0, errors: 0 },
    })
    bench.evaluator.forget()
    await retryEvaluationRun(bench.context(), { id: run.id })
    expect(await bench.work(run.id)).toMatchObject({ status: 'succeeded', progress: { done: 16, errors: 0 } })
  })
})

/** Every image of the requests of these numbers is answered by an error line: it could not be read. */
function answerUnread(isUnread: (count: number) => boolean): void {
  const { evaluator } = bench
  evaluator.onEvaluation = ({ request, response, count }) => {
    if (!isUnread(count)) return evaluator.answer({ request, response })
    const error = { status: 'error', code: 'READ_FAILED', message: 'the store cannot be reached' }
    for (const item of request.items)
      response.write(`${JSON.stringify({ ...evaluator.stamp(item, request), ...error })}\n`)
    return response.end(`{"done":true,"total":${request.items.length}}\n`)
  }
}
