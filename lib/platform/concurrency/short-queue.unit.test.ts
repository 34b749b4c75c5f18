import { describe, expect, it } from 'vitest'
import { ServiceError } from '#lib/platform/errors.ts'
import { type Caller, type QueueLimits, ShortQueue } from './short-queue.ts'

const LIMITS: QueueLimits = { atOnce: 2, waiting: 4, waitingPerCaller: 3, retryAfterSeconds: 7 }

/** A queue whose works end when they are told to, and a note of how many ran at once. */
function bench(limits = LIMITS) {
  const queue = new ShortQueue(limits)
  const ends: (() => void)[] = []
  const started: string[] = []
  let running = 0
  let most = 0
  const call = (label: string, caller?: Caller) =>
    queue.run(async () => {
      started.push(label)
      running += 1
      most = Math.max(most, running)
      await new Promise<void>((resolve) => ends.push(resolve))
      running -= 1
      return label
    }, caller)
  const endAll = async () => {
    for (let end = ends.shift(); end !== undefined; end = ends.shift()) {
      end()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { call, ends, endAll, started, most: () => most }
}
const kindOf = (outcome: PromiseSettledResult<string>) =>
  outcome.status === 'fulfilled'
    ? 'done'
    : outcome.reason instanceof ServiceError
      ? outcome.reason.kind
      : 'other'

describe('a short queue', () => {
  it('does no more at once than it may, in order, and refuses who finds no place', async () => {
    const { call, endAll, started, most } = bench()
    const calls = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((label) => call(label))
    const all = Promise.allSettled(calls)
    await endAll()
    expect((await all).map(kindOf)).toEqual([...Array(6).fill('done'), 'UNAVAILABLE', 'UNAVAILABLE'])
    expect(started).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    expect(most()).toBe(2)
  })

  it('keeps a place for others than the one who asks most, and says when to come back', async () => {
    const { call, endAll } = bench()
    const one = { name: '192.0.2.1' }
    const all = Promise.allSettled([
      ...['a', 'b', 'c', 'd', 'e', 'f'].map((label) => call(label, one)),
      call('other', { name: '192.0.2.2' }),
    ])
    await endAll()
    const outcomes = await all
    expect(outcomes.map(kindOf)).toEqual([...Array(5).fill('done'), 'TOO_MANY_REQUESTS', 'done'])
    expect(outcomes[5]).toMatchObject({ reason: { code: 'BUSY', details: { retryAfterSeconds: 7 } } })
  })

  it('gives the place of a client that leaves to the next, and does not do its work', async () => {
    const { call, endAll, started } = bench({ ...LIMITS, atOnce: 1, waiting: 1 })
    const leaving = new AbortController()
    const first = call('first')
    const left = call('left', { signal: leaving.signal })
    leaving.abort()
    await expect(left).rejects.toMatchObject({ code: 'CLIENT_LEFT' })
    const next = call('next')
    await expect(call('late', { signal: leaving.signal })).rejects.toMatchObject({ code: 'CLIENT_LEFT' })
    const both = Promise.all([first, next])
    await endAll()
    expect(await both).toEqual(['first', 'next'])
    expect(started).toEqual(['first', 'next'])
  })

  it('goes on after a work that failed', async () => {
    const queue = new ShortQueue({ ...LIMITS, atOnce: 1 })
    const failing = queue.run(() => Promise.reject(new Error('broken')))
    const next = queue.run(async () => 'done')
    await expect(failing).rejects.toThrow('broken')
    expect(await next).toBe('done')
  })
})
