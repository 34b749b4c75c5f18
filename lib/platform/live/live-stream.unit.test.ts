import { expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { defineEvents } from './event-kind.ts'
import { LiveFeed } from './live-feed.ts'
import { LivePoller } from './live-poller.ts'
import type { LiveView } from './live-source.ts'
import { liveStream } from './live-stream.ts'

const schema = z.strictObject({ id: z.string(), n: z.int() })
const STEPS = defineEvents({ name: 'step', schema, idOf: ({ id }) => id })
const ENDS = defineEvents({ name: 'end', schema, idOf: ({ id }) => id })

/** A feed of one object, a step further with each look, which ends after some. */
function openFeed(steps: number): LiveFeed {
  let n = 0
  const look = async (view: LiveView) => {
    n += 1
    view.tell(STEPS, { id: 'a', n }, { lasting: true })
    if (n >= steps) view.tell(ENDS, { id: 'a', n }, { lasting: false })
  }
  const feed = new LiveFeed([{ asksDatabase: true, look }])
  new LivePoller([feed])
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  return feed
}

/** The names and data of its events, once it has ended. */
async function toldBy(stream: ReadableStream<Uint8Array>): Promise<string[]> {
  const text = await new Response(stream).text()
  return [...text.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(([, name, data]) => `${name} ${data}`)
}

it('ends with the event that says so, for each client at once', async () => {
  const feed = openFeed(2)
  const streams = [1, 2].map(() => toldBy(liveStream(feed, { objectId: 'a', endsWith: 'end' })))
  await vi.advanceTimersByTimeAsync(3_000)
  const told = ['step {"id":"a","n":1}', 'step {"id":"a","n":2}', 'end {"id":"a","n":2}']
  expect(await Promise.all(streams)).toEqual([told, told])
  expect(feed.isHeard).toBe(false)
})

it('ends after its time, so that the client shows anew that it may listen', async () => {
  const feed = openFeed(100)
  const told = toldBy(liveStream(feed, { maxStreamMs: 2_500 }))
  await vi.advanceTimersByTimeAsync(2_500)
  expect(await told).toHaveLength(3)
  expect(feed.isHeard).toBe(false)
})

it('leaves the feed with its client', async () => {
  const feed = openFeed(100)
  const stream = liveStream(feed, {})
  expect(feed.isHeard).toBe(true)
  await stream.cancel()
  expect(feed.isHeard).toBe(false)
})
