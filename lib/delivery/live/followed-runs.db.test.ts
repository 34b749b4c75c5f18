import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#db/client.ts'
import { cancelEvaluationRun } from '#lib/model/evaluation-run/cancel.ts'
import { deleteEvaluationRun } from '#lib/model/evaluation-run/delete.ts'
import { openRunHarness, type RunHarness } from '#tests/support/test-runs.ts'
import { waitUntil } from '#tests/support/wait-until.ts'
import { openFeeds } from './feeds.ts'
import { runStream } from './streams.ts'

let harness: RunHarness
beforeAll(async () => {
  harness = await openRunHarness()
  await harness.makeDataset('followed', 40)
})
afterAll(() => harness.close())

const feedsOn = (db: Database) =>
  openFeeds({
    db,
    checkHealth: () => Promise.reject(new Error('This feed asks for no health.')),
    pollMs: 100,
  })

async function textOf(stream: ReadableStream<Uint8Array>, onFirst = () => {}): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const bytes of stream) {
    if (text === '') onFirst()
    text += decoder.decode(bytes, { stream: true })
  }
  return text
}

test('tells all listeners the state now, its changes and its end, by one query for all', async () => {
  const id = await harness.startRun(await harness.makeVersion(), 'followed')
  let queries = 0
  const counted = new Proxy(harness.db, {
    get(target, name, receiver) {
      if (name === 'select') queries += 1
      return Reflect.get(target, name, receiver)
    },
  })
  let told = 0
  const feeds = feedsOn(counted)
  const listening = Array.from({ length: 50 }, () =>
    textOf(runStream(feeds, id), () => {
      told += 1
    }),
  )
  await waitUntil('all listeners know the state', () => told === 50)
  const whileQueued = queries
  await harness.work(id)
  const texts = await Promise.all(listening)
  for (const text of texts) {
    const names = [...text.matchAll(/^event: (.*)$/gm)].map((match) => match[1])
    expect(names[0]).toBe('progress')
    expect(names.at(-1)).toBe('end')
    expect(text).toContain('"status":"succeeded"')
  }
  expect(whileQueued).toBeLessThan(50) // a query each would be 50; a busy machine looks more than once
})

test('ends at once for a run that has ended or is deleted', async () => {
  const id = await harness.startRun(await harness.makeVersion(), 'followed')
  await cancelEvaluationRun(harness.context(), { id })
  expect(await textOf(runStream(feedsOn(harness.db), id))).toMatch(/event: end\ndata: .*"status":"cancelled"/)
  await deleteEvaluationRun(harness.context(), { id })
  expect(await textOf(runStream(feedsOn(harness.db), id))).toMatch(/event: end\ndata: .*"deleted":true/)
})

test('says that it is still there, and stops looking when the client goes away', async () => {
  const id = await harness.startRun(await harness.makeVersion(), 'followed')
  const stream = runStream(feedsOn(harness.db), id, { heartbeatMs: 20 })
  const reader = stream.getReader()
  let text = ''
  while (!text.includes(': still here')) text += new TextDecoder().decode((await reader.read()).value)
  await reader.cancel()
  await cancelEvaluationRun(harness.context(), { id })
})

test('drops a client that does not read', async () => {
  const id = await harness.startRun(await harness.makeVersion(), 'followed')
  const stream = runStream(feedsOn(harness.db), id, { heartbeatMs: 1, maxUnreadBytes: 2000 })
  await expect(stream.getReader().closed).rejects.toThrow('does not read')
  await cancelEvaluationRun(harness.context(), { id })
})
