import { and, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '#db/client.ts'
import { evaluationRuns, predictions } from '#db/schema/evaluation-run.ts'
import { cancelEvaluationRun } from '#lib/model/evaluation-run/cancel.ts'
import { lockRun } from '#lib/model/evaluation-run/change-run.ts'
import { deleteEvaluationRun } from '#lib/model/evaluation-run/delete.ts'
import { MAX_ATTEMPTS } from '#lib/model/evaluation-run/lifecycle.ts'
import { retryEvaluationRun } from '#lib/model/evaluation-run/retry.ts'
import { LeaseLost } from '#lib/platform/lease/lease.ts'
import { checkInvariants } from '#tests/support/check-invariants.ts'
import type { EvaluationExchange } from '#tests/support/fake-evaluator.ts'
import { openRunHarness, type RunHarness, sha256Of } from '#tests/support/test-runs.ts'
import { waitUntil } from '#tests/support/wait-until.ts'
import { beginRun } from './begin-run.ts'
import { claimNextRun } from './claim-next-run.ts'
import { loadClaimedRun } from './claimed-run.ts'
import { finishRun, releaseRun } from './end-run.ts'
import { keepRun } from './run-lease.ts'
import { evaluateNextRun } from './run-next.ts'
import { writeBatch } from './write-batch.ts'

let harness: RunHarness
beforeAll(async () => {
  harness = await openRunHarness()
})
afterAll(async () => {
  await harness.close()
})
beforeEach(() => harness.evaluator.forget())

const claim = (owner: string) => claimNextRun(harness.context(), owner)
const set = (id: string, values: Record<string, unknown>) =>
  harness.db.update(evaluationRuns).set(values).where(eq(evaluationRuns.id, id))
/** These runs' holder is told of nothing. */
const never = new AbortController().signal
const expire = (id: string) => set(id, { leaseUntil: sql`clock_timestamp() - interval '1 s'` })
const end = async (id: string) => {
  const run = await harness.get(id)
  if (run.finishedAt === null) await cancelEvaluationRun(harness.context(), { id })
}

describe('a claim', () => {
  test('goes to exactly one of many claimants at once, each time', async () => {
    await harness.makeDataset('claims', 1)
    const version = await harness.makeVersion()
    const other = openDatabase(harness.datasets.url, { maxConnections: 4 })
    try {
      for (let round = 0; round < 40; round++) {
        const id = await harness.startRun(version, 'claims')
        const claims = await Promise.all(
          Array.from({ length: 25 }, (_, index) =>
            claimNextRun(
              { ...harness.context(), db: index % 2 ? harness.db : other.db },
              `claimant ${index}`,
            ),
          ),
        )
        const won = claims.filter((each) => each.kind === 'claimed')
        expect(won).toHaveLength(1)
        expect(won[0]).toMatchObject({ run: { id, epoch: 1 } })
        await end(id)
      }
    } finally {
      await other.close()
    }
  })

  test.each([
    { reason: 'stopped' } as const,
    { reason: 'outage', afterSeconds: 5 } as const,
    { reason: 'fault', afterSeconds: 5 } as const,
  ])('that was given up ($reason) is not held again by a late heartbeat', async (why) => {
    await harness.makeDataset(`given-up-${why.reason}`, 1)
    const id = await harness.startRun(await harness.makeVersion(), `given-up-${why.reason}`)
    const first = await claim('first')
    if (first.kind !== 'claimed') throw new Error('not claimed')
    const lease = { id, epoch: first.run.epoch }
    await releaseRun(harness.db, lease, why)
    const [before] = await harness.db.select().from(evaluationRuns).where(eq(evaluationRuns.id, id))
    const heartbeat = keepRun({ db: harness.db, lease, beatMs: 5, onError: () => {} })
    await waitUntil('the heartbeat ends', () => heartbeat.signal.aborted)
    await heartbeat.stop()
    expect(heartbeat.signal.reason).toBeInstanceOf(LeaseLost)
    const [after] = await harness.db.select().from(evaluationRuns).where(eq(evaluationRuns.id, id))
    expect(after?.leaseUntil).toEqual(before?.leaseUntil)
    await end(id)
  })

  test('after a retry has a rate of its own: what was settled before says nothing of it', async () => {
    await harness.makeDataset('retried-rate', 6)
    const id = await harness.startRun(await harness.makeVersion(), 'retried-rate')
    await harness.work(id)
    const [gone] = await harness.db.select().from(predictions).where(eq(predictions.runId, id)).limit(1)
    await harness.db
      .delete(predictions)
      .where(and(eq(predictions.runId, id), eq(predictions.imageSha256, gone?.imageSha256 ?? '')))
    await retryEvaluationRun(harness.context(), { id })
    const again = await claim('again')
    if (again.kind !== 'claimed') throw new Error('not claimed')
    await beginRun(harness.db, await loadClaimedRun(harness.db, again.run, never), {
      provider: 'cpu',
      images: 6,
    })
    const { progress, timings } = await harness.get(id)
    expect(progress).toEqual({ done: 5, errors: 0, total: 6 })
    expect([timings.imagesPerSecond, timings.secondsLeft]).toEqual([null, null])
    await expire(id)
    const { timings: whole } = await harness.work(id)
    // One image in all that time, not six.
    expect((whole.imagesPerSecond ?? 0) * (whole.evaluatingSeconds ?? 0)).toBeCloseTo(1, 6)
  })

  test('of an abandoned run takes it over at a higher epoch, and the former owner can write nothing more', async () => {
    await harness.makeDataset('stolen', 2)
    const id = await harness.startRun(await harness.makeVersion(), 'stolen')
    const first = await claim('first')
    if (first.kind !== 'claimed') throw new Error('not claimed')
    const claimed = await loadClaimedRun(harness.db, first.run, never)
    const run = await beginRun(harness.db, claimed, { provider: 'cpu', images: 2 })
    expect(await claim('too early')).toEqual({ kind: 'none' })

    await expire(id)
    expect(await claim('second')).toMatchObject({ kind: 'claimed', run: { id, epoch: 2, owner: 'second' } })
    const row = {
      imageSha256: sha256Of(Buffer.from('late')),
      predictedIndex: 0,
      probabilities: [1, 0, 0],
      decodeSeconds: 0,
      inferenceSeconds: 0,
    }
    for (const isFirst of [true, false]) {
      const batch = { predictions: [row], errors: [] }
      await expect(writeBatch(harness.db, run, batch, { isFirst })).rejects.toThrow(LeaseLost)
    }
    const { predictionSetId } = run.scope
    expect(await harness.db.$count(predictions, eq(predictions.predictionSetId, predictionSetId))).toBe(0)
    const metrics = { n: 0, errors: 0 } as never
    await expect(finishRun(harness.context(), run, metrics)).rejects.toThrow(LeaseLost)
    await end(id)
  })

  test('waits until a batch of the former owner that is under way is stored', async () => {
    // On the embedded database every transaction waits for the one before; on a server the row's lock does it.
    await harness.makeDataset('in-flight', 1)
    const id = await harness.startRun(await harness.makeVersion(), 'in-flight')
    await claim('first')
    await expire(id)
    const other = openDatabase(harness.datasets.url, { maxConnections: 1 })
    const order: string[] = []
    try {
      let stolen: Promise<unknown> = Promise.resolve()
      await harness.db.transaction(async (tx) => {
        await tx
          .select({ id: evaluationRuns.id })
          .from(evaluationRuns)
          .where(and(eq(evaluationRuns.id, id), eq(evaluationRuns.epoch, 1)))
          .for('share')
        stolen = other.db
          .transaction(async (thief) => {
            await lockRun(thief, id)
            order.push('stolen')
          })
          .catch((error: unknown) => order.push(String(error)))
        await waitUntil('the thief has asked', () => other.pool.totalCount - other.pool.idleCount === 1)
        for (let times = 0; times < 20; times++) await tx.execute(sql`select 1`) // time for an answer
        order.push('stored')
      })
      await stolen
      expect(order).toEqual(['stored', 'stolen'])
    } finally {
      await other.close()
    }
    await end(id)
  })

  test('of a run past its deadline ends it as failed', async () => {
    await harness.makeDataset('overdue', 1)
    const id = await harness.startRun(await harness.makeVersion(), 'overdue')
    await set(id, { deadline: sql`clock_timestamp() - interval '1 s'` })
    expect(await claim('late')).toMatchObject({ kind: 'ended' })
    expect(await harness.get(id)).toMatchObject({ status: 'failed', reasonCode: 'DEADLINE' })
  })

  test('of a run that got nowhere too often ends it; one written row gives it all attempts back', async () => {
    await harness.makeDataset('attempts', 3)
    const id = await harness.startRun(await harness.makeVersion(), 'attempts')
    await set(id, { attemptCount: MAX_ATTEMPTS })
    expect(await claim('once more')).toMatchObject({ kind: 'ended' })
    expect(await harness.get(id)).toMatchObject({ reasonCode: 'ATTEMPTS_EXHAUSTED' })
    await retryEvaluationRun(harness.context(), { id })
    await set(id, { attemptCount: MAX_ATTEMPTS - 1 })
    await harness.work(id)
    const [row] = await harness.db.select().from(evaluationRuns).where(eq(evaluationRuns.id, id))
    expect(row).toMatchObject({ status: 'succeeded', attemptCount: 0 })
  })
})

describe('a heartbeat', () => {
  test('keeps the lease, and stops its owner when the run was taken over', async () => {
    await harness.makeDataset('beats', 1)
    const id = await harness.startRun(await harness.makeVersion(), 'beats')
    await claim('first')
    const heartbeat = keepRun({
      db: harness.db,
      lease: { id, epoch: 1 },
      onError: () => {},
      beatMs: 20,
    })
    await expire(id)
    await waitUntil('the lease is renewed', async () => {
      const [row] = await harness.db
        .select({ held: sql<boolean>`${evaluationRuns.leaseUntil} > clock_timestamp() + interval '20 s'` })
        .from(evaluationRuns)
        .where(eq(evaluationRuns.id, id))
      return row?.held === true
    })
    expect(heartbeat.signal.aborted).toBe(false)
    await set(id, { epoch: 2 })
    await waitUntil('the owner is told', () => heartbeat.signal.aborted)
    expect(heartbeat.signal.reason).toBeInstanceOf(LeaseLost)
    await heartbeat.stop()
    await end(id)
  })

  test('ends a run at its deadline', async () => {
    await harness.makeDataset('deadline', 1)
    const id = await harness.startRun(await harness.makeVersion(), 'deadline')
    await claim('first')
    await set(id, { deadline: sql`clock_timestamp()` })
    const heartbeat = keepRun({
      db: harness.db,
      lease: { id, epoch: 1 },
      onError: () => {},
      beatMs: 20,
    })
    await waitUntil('the owner is told', () => heartbeat.signal.aborted)
    expect(heartbeat.signal.reason).toMatchObject({ name: 'WorkOver' })
    await heartbeat.stop()
    await end(id)
  })
})

/** So many lines of a reply now, the others once `rest` has come; none to a client that has gone. */
async function answerInTwoParts(
  { request, response }: EvaluationExchange,
  count: number,
  rest: Promise<void>,
): Promise<void> {
  for (const [index, item] of request.items.entries()) {
    if (index === count) await rest
    if (response.destroyed) return
    response.write(`${JSON.stringify(harness.evaluator.line(item, request))}\n`)
  }
  response.end(`{"done":true,"total":${request.items.length}}\n`)
}

describe('a run that is disturbed', () => {
  test('writes nothing after it was cancelled, and takes up what is missing when it is retried', async () => {
    await harness.makeDataset('cancelled', 120)
    const id = await harness.startRun(await harness.makeVersion(), 'cancelled')
    const cancelled = Promise.withResolvers<void>()
    harness.evaluator.onEvaluation = (exchange) => answerInTwoParts(exchange, 12, cancelled.promise)
    const working = harness.work(id)
    await waitUntil('some rows are stored', async () => (await harness.get(id)).progress.done > 10)
    await cancelEvaluationRun(harness.context(), { id })
    const { done } = (await harness.get(id)).progress
    cancelled.resolve()
    expect((await working).status).toBe('cancelled')
    await waitUntil('the requests are closed', () => harness.evaluator.openCount === 0)
    expect((await harness.get(id)).progress.done).toBe(done)

    harness.evaluator.forget()
    await retryEvaluationRun(harness.context(), { id })
    expect((await harness.work(id)).status).toBe('succeeded')
    expect(harness.evaluator.askedImages).toHaveLength(120 - done)
  })

  test('by a stop at twenty points ends with each image stored once and little asked twice', async () => {
    await harness.makeDataset('stopped', 100)
    const id = await harness.startRun(await harness.makeVersion(), 'stopped')
    let askedCount = 0
    for (let point = 1; point <= 20; point++) {
      const stop = new AbortController()
      let lines = 0
      harness.evaluator.onEvaluation = async ({ request, response }) => {
        for (const item of request.items) {
          if (response.destroyed) return
          response.write(`${JSON.stringify(harness.evaluator.line(item, request))}\n`)
          lines += 1
          askedCount += 1
          if (lines === 1 + ((point * 7) % 40)) stop.abort()
          await new Promise((resolve) => setImmediate(resolve))
        }
        response.end(`{"done":true,"total":${request.items.length}}\n`)
      }
      await evaluateNextRun(harness.dependencies({ owner: `attempt ${point}` }), stop.signal)
      await checkInvariants(harness.db)
    }
    harness.evaluator.onEvaluation = (exchange) => harness.evaluator.answer(exchange)
    const run = (await harness.get(id)).finishedAt === null ? await harness.work(id) : await harness.get(id)
    expect(run).toMatchObject({ status: 'succeeded', progress: { done: 100, errors: 0, total: 100 } })
    expect(askedCount).toBeLessThan(100 + 20 * 10)
  })

  test('by a thief while its owner lives on ends exact: the owner stops, the thief finishes', async () => {
    await harness.makeDataset('thief', 90)
    const id = await harness.startRun(await harness.makeVersion(), 'thief')
    const taken = Promise.withResolvers<void>()
    harness.evaluator.onEvaluation = (exchange) => answerInTwoParts(exchange, 10, taken.promise)
    const never = new AbortController().signal
    const first = evaluateNextRun(harness.dependencies({ owner: 'first' }), never)
    await waitUntil(
      'the first owner has stored something',
      async () => (await harness.get(id)).progress.done > 5,
    )
    await expire(id)
    const second = evaluateNextRun(harness.dependencies({ owner: 'second' }), never)
    await waitUntil('the thief has it', async () => {
      const [row] = await harness.db.select().from(evaluationRuns).where(eq(evaluationRuns.id, id))
      return row?.epoch === 2
    })
    taken.resolve()
    await Promise.all([first, second])
    expect(await harness.get(id)).toMatchObject({ status: 'succeeded', progress: { done: 90, total: 90 } })
    const epochs = await harness.db
      .selectDistinct({ epoch: predictions.epoch })
      .from(predictions)
      .where(eq(predictions.runId, id))
    expect(epochs.map(({ epoch }) => epoch).sort()).toEqual([1, 2])
    await checkInvariants(harness.db)
  })
})

test('a deleted run leaves its predictions for other runs', async () => {
  await harness.makeDataset('deleted', 6)
  const version = await harness.makeVersion()
  const run = await harness.work(await harness.startRun(version, 'deleted'))
  await deleteEvaluationRun(harness.context(), { id: run.id })
  await expect(harness.get(run.id)).rejects.toMatchObject({ kind: 'NOT_FOUND' })
  harness.evaluator.forget()
  const next = await harness.work(await harness.startRun(version, 'deleted'))
  expect(next.reused).toBe(6)
  expect(harness.evaluator.asked).toEqual([])
})
