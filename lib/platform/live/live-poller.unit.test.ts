import { expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { defineEvents } from './event-kind.ts'
import type { StreamEvent } from './event-stream.ts'
import { type ListenOptions, LiveFeed } from './live-feed.ts'
import { LivePoller } from './live-poller.ts'
import type { LiveSource, LiveView } from './live-source.ts'

const LIGHTS = defineEvents({
  name: 'light',
  schema: z.strictObject({ id: z.string(), on: z.boolean() }),
  idOf: ({ id }) => id,
})

/** Lights that a source looks at: all that burn, and those that clients ask for. */
class Lights implements LiveSource {
  readonly asksDatabase = true
  readonly burning = new Set<string>()
  readonly looks: LiveView[] = []
  failure: Error | null = null

  async look(view: LiveView): Promise<void> {
    this.looks.push(view)
    if (this.failure !== null) throw this.failure
    const known = view.lasting(LIGHTS).map(({ id }) => id)
    for (const id of new Set([...this.burning, ...known, ...view.wanted]))
      view.tell(LIGHTS, { id, on: this.burning.has(id) }, { lasting: this.burning.has(id) })
  }
}

function listen(feed: LiveFeed, options: ListenOptions = {}) {
  const events: StreamEvent[] = []
  const leave = feed.listen((event) => events.push(event), options)
  return { events, leave, told: () => events.map(({ data }) => data) }
}

function fakeClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

it('looks once for all listeners, a second after the last look, and not at all when none listens', async () => {
  fakeClock()
  const lights = new Lights()
  const feed = new LiveFeed([lights])
  new LivePoller([feed])
  await pass(10_000)
  expect(lights.looks).toHaveLength(0)
  lights.burning.add('a')
  const all = [listen(feed), listen(feed), listen(feed)]
  await pass(0)
  expect(lights.looks).toHaveLength(1)
  await pass(3_000)
  expect(lights.looks).toHaveLength(4)
  for (const { told } of all) expect(told()).toEqual([{ id: 'a', on: true }])
  const signal = lights.looks.at(-1)?.signal
  for (const { leave } of all) {
    expect(signal?.aborted).toBe(false)
    leave()
  }
  expect(signal?.aborted).toBe(true)
  await pass(10_000)
  expect(lights.looks).toHaveLength(4)
})

it('tells one who comes later all states, and one who comes back what was missed', async () => {
  fakeClock()
  const lights = new Lights()
  const feed = new LiveFeed([lights])
  new LivePoller([feed])
  lights.burning.add('a').add('b')
  const first = listen(feed)
  await pass(0)
  lights.burning.delete('a')
  await pass(1_000)
  expect(listen(feed).told()).toEqual([{ id: 'b', on: true }])
  const [seen] = first.events
  const back = listen(feed, { lastEventId: String(seen?.id) })
  expect(back.events).toEqual(first.events.slice(1))
  expect(listen(feed, { lastEventId: 'other-1' }).told()).toEqual([{ id: 'b', on: true }])
})

it('knows nothing of before where no client listened meanwhile', async () => {
  fakeClock()
  const lights = new Lights()
  const feed = new LiveFeed([lights])
  new LivePoller([feed])
  lights.burning.add('a')
  const first = listen(feed)
  await pass(0)
  first.leave()
  lights.burning.clear()
  const back = listen(feed, { lastEventId: String(first.events[0]?.id) })
  await pass(5_000)
  expect(back.told()).toEqual([])
})

it('looks at once for an object that is newly asked for, and puts off no other feed', async () => {
  fakeClock()
  const [dashboard, followed] = [new Lights(), new Lights()]
  const feeds = [new LiveFeed([dashboard]), new LiveFeed([followed])] as const
  new LivePoller(feeds)
  listen(feeds[0])
  await pass(0)
  for (const [n, objectId] of ['a', 'b', 'c', 'd'].entries()) {
    await pass(300)
    const follower = listen(feeds[1], { objectId })
    await pass(0)
    expect(follower.told()).toEqual([{ id: objectId, on: false }])
    const again = listen(feeds[1], { objectId })
    expect(followed.looks.at(-1)?.wanted).toEqual(['a', 'b', 'c', 'd'].slice(0, n + 1))
    again.leave()
  }
  expect(dashboard.looks).toHaveLength(2)
})

it('tells a follower of no other object, and forgets what no client asks for', async () => {
  fakeClock()
  const lights = new Lights()
  const feed = new LiveFeed([lights])
  new LivePoller([feed])
  const a = listen(feed, { objectId: 'a' })
  const b = listen(feed, { objectId: 'b' })
  await pass(0)
  expect(b.told()).toEqual([{ id: 'b', on: false }])
  b.leave()
  const again = listen(feed, { objectId: 'b' })
  await pass(0)
  expect(again.told()).toEqual([{ id: 'b', on: false }])
  expect(a.told()).toEqual([{ id: 'a', on: false }])
})

it('lets a source wait that need not be looked at as often', async () => {
  fakeClock()
  const [often, seldom] = [new Lights(), Object.assign(new Lights(), { everyMs: 5_000 })]
  const feed = new LiveFeed([seldom, often])
  new LivePoller([feed])
  listen(feed)
  await pass(10_000)
  expect(often.looks).toHaveLength(11)
  expect(seldom.looks).toHaveLength(3)
})

it('rests ten times as long as a look took the database, and not after one that failed', async () => {
  fakeClock()
  const lights = new Lights()
  const slow: LiveSource = {
    asksDatabase: true,
    look: async (view) => {
      await new Promise((resolve) => setTimeout(resolve, 2_000))
      await lights.look(view)
    },
  }
  const feed = new LiveFeed([slow])
  new LivePoller([feed])
  listen(feed)
  await pass(2_000)
  expect(lights.looks).toHaveLength(1)
  await pass(19_999)
  expect(lights.looks).toHaveLength(1)
  lights.failure = new Error('away')
  await pass(2_001)
  expect(lights.looks).toHaveLength(2)
  await pass(3_000)
  expect(lights.looks).toHaveLength(3)
})
